"""English."""

from typing import Final

from bot.replies.texts.catalogue import (
    Accuracy,
    Admin,
    Album,
    Basics,
    Buttons,
    Corrections,
    Counted,
    Faults,
    LanguageChoice,
    Learn,
    Menu,
    Photo,
    Pictures,
    Problems,
    TestImages,
    Texts,
    Toasts,
    Units,
    Why,
)
from bot.vision.labels import CLASS_NAMES_EN


def _counted(noun: str) -> Counted:
    return Counted(one=f"{{count}} {noun}", other=f"{{count}} {noun}s")


TEXTS: Final = Texts(
    language_name="English",
    class_names=CLASS_NAMES_EN,
    units=Units(
        photos=_counted("photo"),
        images=_counted("image"),
        people=Counted(one="{count} person", other="{count} people"),
        corrections=_counted("correction"),
        seconds=_counted("second"),
        minutes=_counted("minute"),
        hours=_counted("hour"),
        days=_counted("day"),
        years=_counted("year"),
        records=_counted("record"),
        date="{day} {month} {year}",
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        list_separator=", ",
    ),
    menu=Menu(
        start="Start here",
        help="How to use me, and which photos work best",
        sample="See a random test image",
        gallery="Look through 25 test images",
        accuracy="How accurate the model is",
        learn="How a computer learns to recognise clothes",
        language="Language / 切換語言",
        privacy="What is kept, and for how long",
        forget="Delete everything about you",
        classify="Reply to a photo with this, or put it in a caption",
        status="How the bot is doing",
        reload="Load a new model now",
        corrections="Review corrections",
        name="What garment is this?",
        description=(
            "Send me a photo of a garment. I say whether it is a T-shirt, trousers, a pullover, dress, coat, sandal, "
            "shirt, sneaker, bag or ankle boot, how sure I am, and show you what the model really saw. When I am not "
            "sure, I say so.\n\n"
            "Your photo is used for the answer only. Nothing is kept without your consent."
        ),
        short_description="Send a photo of a garment: I name it, say how sure I am, and show what the model saw.",
    ),
    basics=Basics(
        start=(
            "<b>Hello! Send me a photo of a garment.</b>\n"
            "In about a second I say what it is and how sure I am, and show you what the model saw.\n\n"
            "I know ten classes: {classes}.\n\n"
            "<b>What works best</b>: one garment, lying flat, hanging or worn, on a plain background.\n\n"
            "No photo at hand? Try /sample and /gallery. How I learned this: /learn.\n"
            "I make mistakes, and I say so when I am not sure. What happens to your photos: /privacy."
        ),
        help=(
            "<b>Send a photo</b>: I outline the garment that I judged and show the 28×28 pixels the model saw, "
            "with the probabilities of all ten classes. Two models have a say in them: one looks at these pixels, the "
            "other at the garment in colour.\n"
            "• A photo or an image file, up to 20 MB.\n"
            "• Several at once (an album) get one reply.\n"
            "• When someone wears several things, a button judges another one.\n"
            "• I was wrong? Tap “Correct it”. Curious? Tap “Why”.\n\n"
            "<b>What works best</b>: one garment at a time, all of it in the picture, good light, and a background "
            "of another colour.\n\n"
            "<b>Commands</b>\n"
            "/sample – a random test image\n"
            "/gallery – 25 test images to look through\n"
            "/accuracy – how accurate the model is\n"
            "/learn – how a computer learns to recognise clothes\n"
            "/language – change the language\n"
            "/privacy – what is kept, and for how long\n"
            "/forget – delete everything about you\n\n"
            "<b>In groups</b>: reply to a photo with /classify, put it in the photo’s caption, or mention me. "
            "Otherwise I stay silent."
        ),
        help_admin=(
            "<b>Admins</b>\n"
            "/status – how the bot is doing\n"
            "/reload – load a new model now\n"
            "/corrections – review corrections"
        ),
        privacy=(
            "<b>Privacy</b>\n\n"
            "<b>Photos you send</b> are looked at in memory and dropped after the reply. They are not saved and not "
            "used for training.\n\n"
            "<b>When you first correct me</b>, I ask whether I may keep photos. Only if you agree, I keep those that "
            "you call right or correct: the photo scaled to at most 640 pixels without its camera data, the class you "
            "picked, the model’s answer then, and the model’s version. They serve one purpose: training the next "
            "model, after an admin has looked at them. If you say no, I only remember that, so as not to ask every "
            "time, and count corrections without saying whose.\n\n"
            "<b>How long</b>: photos that passed the review at most {accepted}, those not reviewed yet {pending}, "
            "rejected ones {rejected}; at most {photos} a person. Your yes or no ends after {consent_kept}, too. "
            "/forget deletes everything at any time and withdraws your consent. A model that is already trained "
            "cannot unlearn, but the next training will not "
            "use your photos.\n\n"
            "<b>Also</b>: I store neither your name nor your Telegram account, only a code computed with a secret "
            "key, which finds your data and the language you chose. The language is kept for {language_kept}. Messages "
            "are held for at most {updates}, so that none is lost or answered twice. Log files hold no personal "
            "data.\n\n"
            "{consent}"
        ),
        privacy_consent_given=(
            "At present: you <b>agreed</b> to keeping photos that you call right or correct; {photos} kept. To "
            "withdraw and delete them: /forget."
        ),
        privacy_consent_refused=(
            "At present: you said <b>no</b> to keeping photos; none of yours are here, and corrections do not ask "
            "again. Changed your mind? Tap the button below, and your next correction asks once more."
        ),
        privacy_consent_not_given="At present: you have <b>not</b> agreed to keeping photos; none of yours are here.",
        privacy_consent_unknown=(
            "What you chose cannot be read at the moment: the database is away. Please send /privacy again in a while."
        ),
        unknown_text="I look at photos. Send me one of a garment, or try /sample. Everything I can do is in /help.",
        unknown_command="I do not know that command. Everything I can do is in /help.",
        sticker="A nice sticker, but I can only look at photos. Send me one of a garment.",
        voice="I cannot listen, I can only look at photos. Send me one of a garment.",
        video="I cannot watch videos yet. Take a screenshot of it and send that as a photo.",
        animation="I cannot look at moving pictures. Send me a still photo.",
        other="I cannot look at that. Send me a photo of a garment; everything I can do is in /help.",
        classify_usage="Reply to a photo with /classify, or put /classify in the photo’s caption.",
    ),
    problems=Problems(
        not_an_image="This file is not an image that I can read. Send a photo as JPEG, PNG, WebP, HEIC or the like.",
        damaged="This image seems damaged: I could not read it to the end. Send it again, or try another one.",
        too_many_bytes=(
            "This file is larger than 20 MB, so a bot cannot download it. Send it as a photo (Telegram makes it "
            "smaller), or scale it down first."
        ),
        too_many_pixels=(
            "This image has too many pixels. Scale it down first, or send it as a photo: Telegram makes it smaller."
        ),
        too_slow="Reading this image took too long, so I stopped. Try another one, or send it as a photo.",
        too_much_memory=(
            "Reading this image takes too much memory, so I stopped. Scale it down first, or send it as a photo."
        ),
        unreadable="I cannot read this image. Try another one, or send it as a photo.",
    ),
    faults=Faults(
        error=(
            "Something went wrong, and I could not answer. Please try again; if it keeps happening, tell the admin "
            "this code: <code>{error_id}</code>"
        ),
        download_failed=(
            "Telegram did not hand me this photo. Please send it again in a little while. (Code "
            "<code>{error_id}</code>)"
        ),
        no_model="There is no model at the moment, so I cannot look at photos yet. Please send it again later.",
        no_test_images="The test images are not available now, so this does not work. Sending photos still does.",
        no_card="This model came without its figures. Tap the button below, and I measure it now.",
        store_away=(
            "The database is away for the moment, so this was not saved. Please try again in a while; photos are "
            "answered as usual."
        ),
        photo_gone="I cannot find that photo any more; it may have been deleted. Please send it again.",
        queue="Got it. {photos} before yours, about {wait}.",
        over_limit="I look at up to 60 photos in ten minutes. I left out {photos}; please send again in {wait}.",
    ),
    photo=Photo(
        sure="My answer: <b>{name}</b>, confidence {percent}.",
        unsure=(
            "I am not sure: it could be <b>{first}</b> (confidence {first_percent}) or <b>{second}</b> "
            "({second_percent})."
        ),
        no_garment=(
            "I do not see one garment in this photo, so I give no answer. Try a photo of a single garment on a plain "
            "background."
        ),
        other_clothing="This looks like clothing, but none of my ten: shorts, hats and skirts are not among them.",
        low_quality="The outline shows what I judged, and it may be off. A plainer background helps.",
        several=(
            "There is more than one garment here; the outlined one was judged ({number}/{count}). A button changes it."
        ),
        several_no_winner="The outline is number {number} of {count} places that I tried; a button changes it.",
        all_ten="All ten classes:",
        picture_sure=(
            "In the picture: the judged garment outlined, beside it the 28×28 pixels that the model saw, and "
            "below a bar for each class."
        ),
        picture_no_winner=(
            "In the picture: the outline of what I tried to judge, the 28×28 pixels that the model saw, and ten bars "
            "that are no answer."
        ),
        colours="The percentages come from these pixels and from the photo in colour.",
        model_changed="The model has changed since, so the answer may differ from the one above.",
    ),
    album=Album(
        title="<b>What I see in these {photos}</b> (two candidates each):",
        line_sure="{number}. <b>{first}</b> {first_percent}, {second} {second_percent}",
        line_unsure="{number}. Not sure: {first} {first_percent}, {second} {second_percent}",
        line_no_garment="{number}. No single garment ({first} {first_percent}, {second} {second_percent})",
        line_other_clothing="{number}. Clothing, none of my ten ({first} {first_percent}, {second} {second_percent})",
        line_unreadable="{number}. I cannot read this image",
        left_out="Left out: {photos}, over the limit of 60 in ten minutes. Please send again later.",
        hint="Tap a number for all ten percentages.",
        picture="In the picture: the photos of the album, numbered, the judged garments outlined.",
        item="<b>Photo {number}</b>",
        item_hint="To correct it or to ask why, send this photo on its own.",
    ),
    test_images=TestImages(
        right="right",
        wrong="wrong",
        facts="Predicted: <b>{predicted}</b> (confidence {percent})\nActual: <b>{actual}</b>\nResult: <b>{result}</b>",
        picture="In the picture: number {number} of the 10,000 test images, its 28×28 pixels enlarged, and ten bars.",
        gallery=(
            "<b>25 test images</b>, chosen at random from 10,000. The model was not trained on them.\n"
            "Tap a number to see what the model takes it for."
        ),
        gallery_wrong=(
            "<b>{images} of the {total} test images that the model gets wrong</b>, chosen at random.\n"
            "Tap a number to see what the model takes it for."
        ),
        gallery_picture="In the picture: pictures of clothes, 28×28 pixels each, in a grid; numbers at the top left.",
        gallery_none_wrong="The model gets no test image wrong, so there is nothing to choose from.",
        gallery_preparing="Looking for images that the model gets wrong, a few seconds…",
    ),
    accuracy=Accuracy(
        title="<b>How accurate is this model?</b>",
        test="Test images: <b>{percent}</b> ({images}, new to the model)",
        train="Training images: {percent}",
        gap="Gap: {points} points. The larger it is, the more was learned by heart.",
        photos="Real photos: <b>{percent}</b> ({photos} by {people} new to the model; 95% interval {low}–{high})",
        photos_missing="Real photos: not measured for this model.",
        photos_in_colour="On photos a second model looks at the garment in colour, and both answer together.",
        calibration="Confidence and accuracy differ by {points} points on average.",
        recall="Found in each class (test images / real photos):",
        recall_test="Found in each class:",
        model="Model {version}",
        model_separator=", ",
        history="Models that were live (test images / real photos):",
        history_line="{date}: {test} / {photos}",
        history_test_only="{date}: {test}",
        other_file=(
            "Note: the file in use is {version}, not the one that these figures were measured on. "
            "“Measure again now” measures it."
        ),
        picture="In the picture: the confusion matrix. Rows: actual; columns: predicted; diagonal: right.",
        measuring="Looking at all {total} again with the live model…\n{percent} – {done} / {total_number}",
        measured="<b>Measured just now: {percent}</b> ({total}, {right} right, in {time})",
        measured_same="The same as on the card.",
        measured_changed="The card says {percent}.",
        already_measuring="A measurement is running; you will get its result, too.",
        not_measured="–: no photos of it to measure.",
        measuring_done="Done: looked at all {total}. The result is below.",
        pairs_title="<b>Most often confused</b>",
        pair="{actual} taken for {predicted}: {count}",
        pairs_picture="In the picture: one row for each confusion, with some examples.",
        no_pairs="Everything was right; nothing was confused.",
    ),
    why=Why(
        title="<b>Why {name}?</b>",
        parts="What spoke for it most: {parts}. With that part grayed out, {name} falls from {before} to {after}.",
        spread=("No single part decides: wherever I cover it, the answer stays about the same. The whole counts."),
        second_more=(
            "What kept it from being {second}: {parts}. With that part grayed out, {second} rises from {before} to "
            "{after}."
        ),
        second_none="{second}, the second candidate, has only {percent}; covering no part makes it the answer.",
        picture="In the picture: the deeper the colour, the more a place matters for this answer.",
        method=(
            "How: again and again a random fifth of the garment is grayed out and the question asked anew; that shows "
            "where it matters."
        ),
        colours="The same part is grayed out in the 28×28 pixels and in the colour photo.",
        no_garment="This photo got no answer; what you see is for the most probable class, {name}.",
        places=(
            "the top left",
            "the top",
            "the top right",
            "the left",
            "the middle",
            "the right",
            "the bottom left",
            "the bottom",
            "the bottom right",
        ),
    ),
    corrections=Corrections(
        pick="Which class is it?",
        consent=(
            "Thank you! You say it is: <b>{name}</b>.\n\n"
            "<b>May I keep this photo to train the next model?</b>\n"
            "• What is kept: the photo scaled to at most 640 pixels, without its camera data, the class you picked, "
            "and the model’s answer.\n"
            "• It is used only after an admin has looked at it, and it is not published.\n"
            "• It is kept for at most {kept}. /forget deletes everything at any time.\n\n"
            "If you agree, photos that you call right or correct later are kept in the same way. If not, everything "
            "works as before. I ask only this once; /privacy lets you change your mind."
        ),
        kept="Thank you! The photo and “{name}” are saved and serve for training after a review. /forget deletes them.",
        counted="Thank you! I counted the correction and kept no photo.",
        refused=(
            "Thank you! I counted the correction and kept no photo. It will be so from now on, without asking; to "
            "change your mind, see /privacy."
        ),
        undone="This correction is undone, and the photo that was kept is deleted.",
        nothing_to_undo="This correction is gone already; there is nothing to undo.",
        full="Thank you! There is no room for more photos, so I only counted the correction.",
        not_stored="Thank you! I cannot read the photo any more, so I only counted the correction.",
        forgotten="Deleted: {records}, {photos} among them. Your consent is withdrawn, too.",
        in_private="Please send these commands to me in a private chat.",
        forgotten_without_photos="Deleted: {records}, no photos among them.",
        nothing_to_forget="There is nothing about you here, so there was nothing to delete.",
    ),
    language=LanguageChoice(
        choose="Which language would you like?",
        chosen="All right, English from now on.",
    ),
    learn=Learn(
        step="Step {number} of {total}",
        finished="You made it! Now try a photo of your own.",
        try_it="Reply to this message with a photo of a garment, and this step uses your photo.",
    ),
    admin=Admin(
        status=(
            "<b>Status</b>\n"
            "Up for: {uptime}\n"
            "Program: {version}, {runtime}\n"
            "Model: {model}\n"
            "Waiting: {queue}\n"
            "Answered: {answered}\n"
            "{latency}\n"
            "Errors: {errors}\n"
            "Database: {store}"
        ),
        status_store="{kind}, {corrections}",
        status_store_away="{kind}, away",
        status_latency="Time to answer: median {p50}, p95 {p95}, p99 {p99}",
        status_no_latency="Time to answer: no data yet",
        status_never="none",
        reload_new="The new model {version} is live.",
        reload_same="No new model; {version} goes on.",
        reload_refused="The new model cannot be used; {version} goes on. Reason: <code>{reason}</code>",
        corrections_title="<b>To review</b>: {corrections}",
        correction=(
            "The person says: <b>{name}</b>\nThe model said: {predicted} ({percent}), version {version}\nDate: {date}"
        ),
        corrections_none="No corrections to review.",
        accepted="Accepted; the next training uses it.",
        rejected="Rejected. It is not used for training and deletes itself in time.",
        already_decided="This one was reviewed already, or its sender deleted it.",
        model_refused="A model file cannot be used; {version} goes on. Reason: <code>{reason}</code>",
        model_now="A new model is live: {version}.",
        error_notice=(
            "There was an error: <code>{kind}</code>, latest code <code>{error_id}</code>. The same kind is reported "
            "once in ten minutes."
        ),
    ),
    buttons=Buttons(
        right="✅ Right",
        candidate="✅ {name}",
        correct="✏️ Correct it",
        why="🔍 Why",
        other_garment="Another garment ({number}/{count})",
        back="← Back",
        consent_yes="Yes, keep it",
        consent_no="No, do not keep it",
        ask_again="Ask me at the next correction",
        undo="Undo this correction",
        another_sample="Another one",
        new_gallery="New set",
        only_wrong="Only wrong ones",
        all_images="All images",
        back_to_gallery="← Back to the sheet",
        overview="← Overview",
        measure_again="Measure again now",
        learn_back="← Back",
        learn_next="Next →",
        learn_try="Try it with my photo",
        learn_again="Start over",
        gallery="See 25 test images",
        learn="How I learned this",
        accept="✅ Accept",
        reject="Reject",
        next="Next →",
        previous="← Previous",
    ),
    toasts=Toasts(
        thanks="Thank you for telling me!",
        kept="Thank you! This photo is saved. To take it back, tap “Undo this correction”.",
        will_ask="All right, your next correction asks again.",
        undone="Undone.",
        model_changed="The model has changed since; this answer is from the new one.",
        not_yours="Only the person who sent this photo can use this button.",
        outdated="This button is too old. Please send the photo or the command again.",
        working="One moment, please.",
        busy="The last tap is still being worked on. One moment, please.",
        language="English from now on.",
        failed="Something went wrong. Please try again. (Code {error_id})",
    ),
    pictures=Pictures(
        sure="Sure",
        unsure="Not sure",
        no_garment="No answer",
        other_clothing="None of my ten",
        alternative="or {name}",
        title_no_garment=("No single", "garment seen"),
        title_other_clothing=("Clothing, but", "none of my ten"),
        model_saw="28×28: what it saw",
        judged="Outline: what it judged",
        low_quality="The outline may be off",
        no_answer="For information only",
        test_image="Test image {number}",
        predicted="Predicted",
        actual="Actual",
        right="Right",
        wrong="Wrong",
        gallery="Test images",
        gallery_wrong="Test images it gets wrong",
        contact_sheet="Album",
        unreadable="Unreadable",
        confusion="Confusion matrix",
        confusion_rows="Rows: actual",
        confusion_columns="Columns: predicted",
        confusion_legend="Green diagonal: right. Orange: wrong. The deeper, the more.",
        pairs="Most often confused",
        pair="{actual} taken for {predicted}",
        why="What speaks for: {name}",
        why_more="Matters most",
        why_less="No difference",
    ),
)
