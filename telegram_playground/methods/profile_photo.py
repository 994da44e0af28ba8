"""The bot's profile picture."""

from collections.abc import Mapping
from typing import Any, Final

from telegram_playground.errors import bad_request
from telegram_playground.methods.handler import Handler
from telegram_playground.methods.outgoing import photo_body, resolve
from telegram_playground.multipart import Upload
from telegram_playground.params import Params
from telegram_playground.state import ServerState


async def set_my_profile_photo(state: ServerState, params: Params) -> bool:
    """SetMyProfilePhoto: a still picture, uploaded with the call."""
    photo = params.structure("photo")
    if not isinstance(photo, dict) or photo.get("type") != "static":
        raise bad_request("unsupported profile photo type specified")
    upload = resolve(params, str(photo.get("photo") or ""), "photo")
    if not isinstance(upload, Upload):
        raise bad_request("profile photo must be uploaded as a new file")
    state.profile.photo = (await photo_body(state, upload))["photo"]
    state.events.publish("profile")
    return True


async def remove_my_profile_photo(state: ServerState, params: Params) -> bool:
    """RemoveMyProfilePhoto."""
    state.profile.photo = None
    state.events.publish("profile")
    return True


async def get_user_profile_photos(state: ServerState, params: Params) -> dict[str, Any]:
    """GetUserProfilePhotos: the bot's one or none; people have none here."""
    user_id = params.integer("user_id")
    if user_id != state.bot.id and user_id not in state.people:
        raise bad_request("user not found")
    photos = [state.profile.photo] if user_id == state.bot.id and state.profile.photo is not None else []
    return {"total_count": len(photos), "photos": photos[params.integer("offset") :]}


METHODS: Final[Mapping[str, Handler]] = {
    "setMyProfilePhoto": set_my_profile_photo,
    "removeMyProfilePhoto": remove_my_profile_photo,
    "getUserProfilePhotos": get_user_profile_photos,
}
