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
    Predict,
    Problems,
    Sharing,
    TestImages,
    Texts,
    Toasts,
    Troubles,
    Units,
    Why,
)
from bot.vision.labels import CLASS_NAMES_EN


def _counted(noun: str) -> Counted:
    return Counted(one=f"{{count}} {noun}", other=f"{{count}} {noun}s")


TEXTS: Final = Texts(
    language_name="English",
    class_names=CLASS_NAMES_EN,
    short_names=CLASS_NAMES_EN,
    beyond_names=("Other clothing", "No clothing", "Wrong outline"),
    outside_name="None of the ten",
    units=Units(
        photos=_counted("photo"),
        videos=_counted("video"),
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
        train="Train your own network and compare it with me",
        quiz="Guess test images, against the model",
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
            "In about a second I name every garment in it, say how sure I am, and show you what the model saw.\n\n"
            "I know ten classes: {classes}.\n\n"
            "<b>What works best</b>: clothes lying flat, hanging or worn, large in the picture, on a plain "
            "background.\n\n"
            "No photo at hand? Try /sample and /gallery. How I learnt this: /learn.\n"
            "I make mistakes, and I say so when I am not sure. What happens to your photos: /privacy."
        ),
        help=(
            "<b>Send a photo</b>: I outline and number every garment and name each on its own line; of one of them "
            "I show the 28×28 pixels that the model saw and its percentages. Two models have a say in them: one looks "
            "at these pixels, the other at the garment in colour. The ten classes and “none of the ten” add up to "
            "100%; open the quotation to read them.\n"
            "• A photo or an image file, up to 20 MB.\n"
            "• Several at once (an album) get one reply; tap a number for each.\n"
            "• When someone wears several things, each has a button.\n"
            "• I was wrong? Tap “Correct it”. Curious? Tap “Why”.\n\n"
            "<b>How sure I am</b>\n"
            "• Very sure: on photos kept out of training, 97% of such answers were right; on people in streets, 85%.\n"
            "• Probably: at least 80% are right.\n"
            "• Not sure: less than that, so I name two candidates.\n"
            "• Other clothing: clothing, but none of the ten, such as a skirt or a hat.\n"
            "These limits were chosen on photos that the model had not seen.\n\n"
            "<b>What works best</b>: the whole garment in the picture, good light, and a background of another "
            "colour.\n\n"
            "<b>Commands</b>\n"
            "/sample – a random test image\n"
            "/gallery – 25 test images to look through\n"
            "/accuracy – how accurate the model is\n"
            "/learn – how a computer learns to recognise clothes\n"
            "/train – train your own network and compare it with me\n"
            "/quiz – guess test images, against the model\n"
            "/language – change the language\n"
            "/privacy – what is kept, and for how long\n"
            "/forget – delete everything about you\n\n"
            "<b>In groups</b>: reply to a photo with /classify, put it in the photo’s caption, or mention me; a photo "
            "in reply to me is looked at, too. /train opens a table that a class can join, /quiz asks everybody, and "
            "/sample, /gallery, /accuracy and /learn work as in private. Otherwise I stay silent."
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
            "you call right or correct: the photo scaled to at most 640 pixels without its camera data, with the heads "
            "of people blurred as far as I find them, the outline of the garment, the class you picked, the model’s "
            "answer then, and the model’s version. They serve one purpose: training the next model, after an admin has "
            "looked at them. If you say no, I only remember that, so as not to ask every time, and count corrections "
            "without saying whose.\n\n"
            "<b>How long</b>: photos that passed the review at most {accepted}, those not reviewed yet {pending}, "
            "rejected ones {rejected}; at most {photos} a person. Your yes or no ends after {consent_kept}, too. "
            "/forget deletes everything at any time and withdraws your consent. A model that is already trained "
            "cannot unlearn, but the next training will not "
            "use your photos.\n\n"
            "<b>/train</b>: I keep the network that you train (numbers and figures only) for {network_kept}; training "
            "again replaces it, and when all together are too many, the oldest go. If you tap “Join” in a group, your "
            "first name and figures stand in its table; I keep them for {names_kept}. In groups, "
            "what you guess in /quiz is only counted, and kept for {quiz_kept}. /forget deletes all of it.\n\n"
            "<b>Sharing</b>: so that the “Share” button finds it, the last answer in our private chat (Telegram’s "
            "code for its card, and its words) is kept for {answer_kept}, for you alone; /forget deletes it. Others "
            "see it only once you send it.\n\n"
            "<b>Also</b>: apart from that table, I store neither your name nor your Telegram account, only a code "
            "computed with a secret key, which finds your data and the language you chose. The language is kept for "
            "{language_kept}, your place in the course for {course_place}. Messages are held for at most "
            "{updates}, so that none is lost or answered twice. Log "
            "files hold no personal data.\n\n"
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
            "What you chose cannot be read: the database cannot be reached now. Please send /privacy again in a while."
        ),
        unknown_text="I look at photos. Send me one of a garment, or try /sample. Everything I can do is in /help.",
        unknown_command="I do not know that command. Everything I can do is in /help.",
        sticker="A nice sticker, but I can only look at photos. Send me one of a garment.",
        voice="I cannot listen, I can only look at photos. Send me one of a garment.",
        video="I cannot watch videos yet. Take a screenshot of it and send that as a photo.",
        animation="I cannot look at moving pictures. Send me a still photo.",
        other="I cannot look at that. Send me a photo of a garment; everything I can do is in /help.",
        story="I cannot see stories. Please send me a photo of the garment in it, or a screenshot.",
        paid_media="Telegram does not hand paid media to me. Please send me a photo of a garment.",
        classify_usage=(
            "To ask about a photo, reply to it with /classify, or put /classify in its caption; in groups, you can "
            "also mention me."
        ),
        only_in_private="/{command} works in private only: {link}",
        open_private="open our chat",
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
            "The database cannot be reached at the moment, so this was not saved. Please try again in a while; photos "
            "are answered as usual."
        ),
        photo_gone="I cannot find that photo any more; it may have been deleted. Please send it again.",
        files_unreadable=(
            "I cannot get the file of this photo. The bot is not set up right, and its admin has been told; please "
            "send the photo again once that is mended."
        ),
        queue="Got it. {photos} before yours, which takes about {wait}.",
        over_limit="I look at up to {limit} in ten minutes. I left out {photos}; please try again in {wait}.",
    ),
    photo=Photo(
        sure="<b>{name}</b>, very sure ({percent})",
        likely="Probably <b>{name}</b> ({percent})",
        unsure="Not sure: <b>{first}</b> ({first_percent}) or <b>{second}</b> ({second_percent})",
        unsure_other="Not sure: <b>{name}</b> ({percent})",
        other_clothing="<b>Other clothing</b> (none of the ten: {percent})",
        numbered="{number}. {line}",
        judged="▶ {number}. {line}",
        nothing=(
            "I looked for tops, coats, dresses, trousers, shoes and bags in this photo and found none.\n"
            "Try one taken from closer up: the garment fills half of it or more, in good light, on a background of "
            "another colour."
        ),
        outside_the_ten="It looks like clothing, but none of my ten: a skirt, shorts, a hat, a scarf and the like.",
        data_set=(
            "This is a picture of the Fashion-MNIST data set; the model that looks at 28×28 pixels answers it alone."
        ),
        low_quality="The outline may be off; a plainer background helps.",
        model_changed="The model has changed since, so the answer may differ from the one above.",
        shares="The ten classes and none of them:",
        shares_of="▶ Shares of number {number}:",
        picture=(
            "In the picture: the judged garment outlined, with the 28×28 pixels that the model saw and eleven bars."
        ),
        picture_several=(
            "In the picture: each garment outlined in a colour of its own, with its number; the 28×28 pixels and the "
            "eleven bars are those of number {number}."
        ),
        confirmed="✅ You said that this is right. Thank you!",
        corrected="✏️ Your correction: <b>{name}</b>",
    ),
    album=Album(
        title="<b>What I see in these {photos}</b>:",
        line="{number}. {line}",
        line_more="{number}. {line}, {more} more",
        line_nothing="{number}. No clothing found",
        line_unreadable="{number}. I cannot read this image",
        left_out="Left out: {photos}, over the limit of {limit} in ten minutes. Please send the rest again later.",
        videos_left_out="Left out: {videos}. I only look at photos.",
        hint="Tap a number for that photo’s percentages; there you can correct it or ask why, too.",
        picture="In the picture: the photos of the album, numbered, with every garment outlined.",
        item="<b>Photo {number}</b>",
        item_others="Also there: {names}",
        opening="Opening this photo…",
    ),
    test_images=TestImages(
        right="✓ Right",
        wrong="✗ Wrong",
        facts="<b>{result}</b>\nPredicted: <b>{predicted}</b> ({percent})\nActual: <b>{actual}</b>",
        picture=(
            "In the picture: number {number} of the 10,000 test images, its 28×28 pixels enlarged, and ten bars; "
            "✓ marks the actual class."
        ),
        gallery=(
            "<b>25 test images</b>, chosen at random from {total}. The model was not trained on them.\n"
            "Tap a number to see what the model takes it for."
        ),
        gallery_wrong=(
            "<b>Test images that the model gets wrong</b>: {chosen}.\nTap a number to see what the model takes it for."
        ),
        gallery_class="<b>Test images of {name}</b>: {chosen}.\nTap a number to see what the model takes it for.",
        gallery_class_wrong=(
            "<b>{name}, taken for something else</b>: {chosen}.\nTap a number to see what the model takes it for."
        ),
        gallery_pair="<b>{actual} taken for {predicted}</b>: {chosen}.\nTap a number to see how sure the model is.",
        gallery_some="{images} of {total}, chosen at random",
        gallery_every_one="{total} in all",
        gallery_item_picture=(
            "In the picture: the sheet on the left; number {position}, in the heavy frame, is enlarged on the right. "
            "It is number {number} of the 10,000 test images."
        ),
        gallery_picture=(
            "In the picture: pictures of clothes, 28×28 pixels each, with numbers; a green frame with ✓ is right, "
            "a red one with ✗ is wrong."
        ),
        gallery_none="None of the test images at hand is like that, so there is nothing to choose from.",
        only_some=(
            "The 10,000 test images have not been fetched here yet; these are from the {images} that come with the "
            "bot, with their own numbers."
        ),
        no_such_image="There is no test image “{asked}”: they are numbered from 1 to {total}, as in /sample 42.",
        no_such_class="There is no class “{asked}”. I know {classes}.",
        gallery_preparing="Looking for the images that the model gets wrong ({percent}); they will appear here.",
        which_class="Which class?",
    ),
    accuracy=Accuracy(
        title="<b>How accurate is this model?</b>",
        test="Test images: <b>{percent}</b> ({images}, new to the model)",
        train="Training images: {percent}",
        gap="Gap: {points} points. The larger it is, the more was learnt by heart.",
        photos="Real photos: <b>{percent}</b> ({photos} by {people} new to the model; 95% interval {low}–{high})",
        photos_missing="Real photos: not measured for this model.",
        street="People in streets: <b>{percent}</b> ({photos}, largest garment right; 95% interval {low}–{high})",
        bags="Bags: <b>{percent}</b> ({photos}; 95% interval {low}–{high})",
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
        picture="In the picture: the confusion matrix. Rows: actual; columns: predicted; green: right; red: wrong.",
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
        title_two="<b>{first} or {second}?</b>",
        parts="What spoke for it most: {parts}. With that part covered in grey, {name} falls from {before} to {after}.",
        speaks_for=(
            "What speaks for <b>{name}</b>: {parts}. With that part covered in grey, it falls from {before} to {after}."
        ),
        spread_two="<b>{name}</b> ({before}): no single part decides, the whole counts.",
        spread=("No single part decides: wherever I cover it, the answer stays about the same. The whole counts."),
        second_more=(
            "What kept it from being {second}: {parts}. With that part in grey, {second} rises from {before} to "
            "{after}."
        ),
        second_none="{second}, the second candidate, has only {percent}; covering no part makes it the answer.",
        picture="In the picture: the deeper the colour, the more a place matters for this answer.",
        picture_two="In the picture: {first} on the left, {second} on the right; deeper places speak for it more.",
        method=(
            "How: over and over, a random fifth of the garment is covered in grey and the question asked anew, to see "
            "where that costs most."
        ),
        colours="The same part is covered in the 28×28 pixels and in the colour photo.",
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
        neckline="the neckline",
    ),
    corrections=Corrections(
        pick="What is it really?",
        which="Which one did you mean?",
        consent=(
            "Thank you! Your correction: <b>{name}</b>.\n\n"
            "<b>May I keep this photo to train the next model?</b>\n"
            "• What is kept: the photo scaled to at most 640 pixels, without its camera data, the outline of the "
            "garment, your correction, and the model’s answer.\n"
            "• Somebody is in it? I blur the head before the photo is kept, as far as I find it.\n"
            "• It is used only after an admin has looked at it, and it is not published.\n"
            "• It is kept for at most {kept}. /forget deletes everything at any time.\n\n"
            "If you agree, photos that you call right or correct later are kept in the same way. If not, everything "
            "works as before. I ask only this once; /privacy lets you change your mind."
        ),
        kept=(
            "Thank you! The photo and “{name}” are saved and serve for training after a review. To take it back, tap "
            "“Undo this correction” below the answer; /forget deletes everything."
        ),
        counted="Thank you! I counted the correction and kept no photo.",
        refused=(
            "Thank you! I counted the correction and kept no photo. It will be so from now on, without asking; to "
            "change your mind, see /privacy."
        ),
        undone="This correction is undone, and the photo that was kept is deleted.",
        nothing_to_undo="This correction is gone already; there is nothing to undo.",
        full="Thank you! There is no room for more photos, so I only counted the correction.",
        not_stored="Thank you! I cannot read the photo any more, so I only counted the correction.",
        forget="<b>Delete everything about you?</b>\n\nI have {records}, {photos} among them.",
        forget_without_photos="<b>Delete everything about you?</b>\n\nI have {records}, no photos among them.",
        forget_what=(
            "This would delete the photos that you let me keep, your consent or refusal, your language, your place in "
            "the course, the network that you trained, your last answer, and your results and guesses in groups. It "
            "cannot be undone."
        ),
        not_forgotten="All right, I deleted nothing.",
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
        finished="You made it! Now train your own network: /train",
        contents="<b>Contents</b>: tap a number to open that step.",
        contents_line="{number}. {title}",
        no_such_step="The course has no step “{asked}”; they are numbered from 1 to {total}.",
        no_number="Please reply with just a number, such as -7.5, and the neuron will compute its Y.",
        try_it="Reply to this message with a photo of a garment, and this step uses your photo.",
    ),
    sharing=Sharing(
        last_answer="The answer to my last photo",
        facts="Predicted: {predicted}, actual: {actual}",
        try_it="Try a photo of yours",
        see_it="Open this test image",
        send_photo="Send me a photo",
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
        status_store_away="{kind}, cannot be reached",
        status_latency="Time to answer: median {p50}, p95 {p95}, p99 {p99}",
        status_no_latency="Time to answer: no data yet",
        status_never="none",
        reload_new="The new model {version} is live.",
        reload_same="No new model; {version} stays in use.",
        reload_refused="The new model cannot be used; {version} stays in use. Reason: <code>{reason}</code>",
        corrections_title="<b>To review</b>: {corrections}",
        correction=(
            "The person says: <b>{name}</b>\nThe model said: {predicted} ({percent}), version {version}\nDate: {date}"
        ),
        corrections_none="No corrections to review.",
        accepted="Accepted; the next training uses it.",
        many_accepted="Accepted: {corrections} that say what the model said.",
        many_rejected="Rejected: {corrections} of this person.",
        rejected="Rejected. It is not used for training, and is deleted when its time is over.",
        already_decided="This one was reviewed already, or its sender deleted it.",
        model_refused="A model file cannot be used; {version} stays in use. Reason: <code>{reason}</code>",
        model_now="A new model is live: {version}.",
        training_published="A training ended: the new model {version} is live.",
        training_not_published="A training ended: the new model {version} is not live; the one before it stays in use.",
        training_reasons="Why:",
        training_worse="{name}: {points} points worse than {version}, at most {allowance} are allowed",
        training_unmeasured="{name}: not measured, and {version} has it",
        training_changed="Before → now:",
        training_figure="{before} → {after}  {name}",
        training_test_accuracy="right on the test images",
        training_held_out_accuracy="right on images kept apart",
        training_balanced_accuracy="mean recall on photos",
        training_photo_ece="calibration error on photos (lower is better)",
        training_street_top="right first answer on people in streets",
        training_bags_named="bags called a bag",
        training_no_clothing_refused="photos of no clothing recognised as such",
        training_recall="Recall on photos by class:",
        training_learnt="learnt from {corrections}",
        training_took="took {time}",
        error_notice=(
            "There was an error: <code>{kind}</code>, latest code <code>{error_id}</code>. The same kind is reported "
            "once in ten minutes."
        ),
        files_unreadable=(
            "The files of photos cannot be read: the Bot API server runs in local mode (<code>--local</code>) and "
            "keeps them in <code>{folder}</code>, a path that this bot cannot read. Mount that folder at the same "
            "path and let the bot read it, or run the server without <code>--local</code>. (Code "
            "<code>{error_id}</code>)"
        ),
    ),
    troubles=Troubles(
        second_poller="Another process fetches updates with the same bot token. Stop one of the two.",
        webhook_in_the_way=(
            "Another process set a webhook with the same bot token; it is deleted, since this bot polls. Stop the "
            "other process, or give this one WEBHOOK_URL."
        ),
        webhook_taken=(
            "Another process with the same bot token took the webhook; it is set again. Stop the other process, or "
            "change the token at @BotFather."
        ),
        webhook_refused="Telegram does not accept WEBHOOK_URL; the log says why. Nobody is answered until it does.",
        unreadable_update=(
            "Telegram sent an update that python-telegram-bot cannot read. It was passed over; look for a newer "
            "version of the library."
        ),
        background_task="A task in the background ended; it was started again. The log says why.",
    ),
    buttons=Buttons(
        right="✅ Right",
        candidate="✅ {name}",
        correct="✏️ Correct it",
        why="🔍 Why",
        garment="{number} {name}",
        other_garment="See number {number}",
        none_of_them="None of them",
        back="← Back",
        consent_yes="Yes, keep it",
        consent_no="No, do not keep it",
        forget_yes="Yes, delete everything",
        forget_no="No, delete nothing",
        ask_again="Ask me at the next correction",
        undo="Undo this correction",
        another_sample="Another one",
        new_gallery="New set",
        only_wrong="Only wrong",
        all_images="All images",
        by_class="By class",
        all_classes="All ten",
        confused="{actual} → {predicted}",
        back_to_gallery="← Back to the sheet",
        overview="← Overview",
        share="📤 Share",
        measure_again="Measure again now",
        learn_back="← Back",
        learn_next="Next →",
        learn_try="Try it with my photo",
        learn_other="Another photo",
        learn_code="Code",
        learn_contents="Contents",
        learn_to_step="← Back to step {number}",
        learn_notebook="Whole program (.ipynb)",
        learn_tflite="The course’s network (.tflite)",
        learn_again="Start over",
        gallery="See 25 test images",
        learn="How I learnt this",
        accept="✅ Accept",
        reject="Reject",
        accept_agreed="Accept all confirmations",
        reject_sender="Reject all of this person",
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
        nobodys="This photo was sent in the name of a group or channel, so nobody can correct it in its place.",
        not_at_hand="This test image is not at hand now; only those that come with the bot are.",
        outdated="This button is too old. Please send the photo or the command again.",
        working="One moment, please.",
        busy="The last tap is still being worked on. One moment, please.",
        language="English from now on.",
        flooded="Telegram does not let me write here for about {wait}. Please tap again after that.",
        failed="Something went wrong. Please try again. (Code {error_id})",
    ),
    pictures=Pictures(
        sure="Very sure",
        likely="Probably",
        unsure="Not sure",
        no_garment="No clothing found",
        outside_the_ten="None of the ten",
        outside="None of ten",
        alternative="or {name}",
        looked_for="Looked for: tops, coats, dresses, trousers, shoes, bags",
        model_saw="28×28: what the model saw",
        data_set="A data-set picture: the 28×28 model alone",
        low_quality="The outline may be off",
        more="{count} more",
        test_image="Test image {number}",
        predicted="Predicted",
        actual="Actual",
        right="Model: right",
        wrong="Model: wrong",
        gallery="Test images",
        gallery_wrong="Test images it gets wrong",
        gallery_class="Test images: {name}",
        gallery_class_wrong="Test images it gets wrong: {name}",
        contact_sheet="Album",
        unreadable="Unreadable",
        confusion="Confusion matrix",
        confusion_rows="Rows: actual",
        confusion_columns="Columns: predicted",
        confusion_right="Diagonal: right",
        confusion_wrong="Elsewhere: wrong",
        confusion_depth="Deeper: more images",
        pairs="Most often confused",
        pair="{actual} taken for {predicted}",
        why="What speaks for: {name}",
        why_more="Matters most",
        why_less="No difference",
    ),
    predict=Predict(
        not_an_image="not a picture in a format that I can read.",
        damaged="damaged or incomplete.",
        too_many_bytes="larger than 20 MB.",
        too_many_pixels="too many pixels.",
        too_slow="takes too long to read.",
        too_much_memory="needs too much memory to read.",
        os_error="cannot be read: {reason}.",
        no_path="not a path.",
        folder="a folder that cannot be looked into.",
        no_file="not a regular file.",
        strange="cannot be looked at; the log says why.",
        accuracy="Accuracy {percent} ({right} of {total} right)",
        table="actual \\ predicted",
        none="none",
    ),
)
