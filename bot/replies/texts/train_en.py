"""What /train says, in English."""

from typing import Final

from bot.replies.texts.catalogue import Counted
from bot.replies.texts.train_catalogue import (
    ClassTable,
    Ends,
    Own,
    Panel,
    Progress,
    Result,
    TrainButtons,
    TrainPictures,
    TrainTexts,
    TrainToasts,
)

TEXTS: Final = TrainTexts(
    title="Train your own network",
    neurons=Counted("{count} neuron", "{count} neurons"),
    epochs=Counted("{count} epoch", "{count} epochs"),
    waiting_people=Counted("{count} person", "{count} people"),
    yes_normalised="yes, pixels divided by 255",
    no_normalised="no, pixels are 0–255",
    yes_stop="stop above {target} on the training images",
    no_stop="none, train to the end",
    list_separator=", ",
    panel=Panel(
        text=(
            "The course’s program from the beginning: {inputs} pixels → <b>{neurons}</b> (ReLU) → {classes} classes "
            "(softmax). It looks at {images} training images for <b>{epochs}</b> and adjusts its weights every "
            "{batch} images.\n\n"
            "• Learning rate (Adam): {rate}\n"
            "• Normalising: {normalising}\n"
            "• Callback: {stopping}\n\n"
            "{queue}The network is yours, to compare with me."
        ),
        course_run="In the picture: dashed, the course’s network ({neurons}, {epochs}) as it was recorded.",
        alone="This takes about {time}. ",
        queue="{people} first; done in about {time}. ",
    ),
    progress=Progress(
        waiting="<b>In the queue</b>: one network at a time; {people} first, done in about {time}.",
        loading="<b>Getting ready</b>: reading {images} training images.",
        fetching="<b>First use: fetching the training images</b>\n{name}: {percent} ({done} / {total})\n{bar}",
        training="<b>Training</b>: epoch {number} of {epochs}\n{bar}\n{percent}, about {time} left.",
        latest="Epoch {number}: {train} on training, {test} on test images; losses {loss} and {test_loss}.",
    ),
    result=Result(
        done="<b>Trained</b>: {neurons}, {epochs}",
        figures=(
            "Training images <b>{train}</b> (loss {loss}), test images <b>{test}</b> (loss {test_loss}): {points} "
            "points apart."
        ),
        course=(
            "The course prints (train / test): {short_epochs} {short_train} / {short_test}, {long_epochs} {long_train} "
            "/ {long_test}. {compared}"
        ),
        course_same="On test images, yours is about as good as its {epochs}.",
        course_better="On test images, yours is {points} points better than its {epochs}.",
        course_worse="On test images, yours is {points} points worse than its {epochs}.",
        learnt_nothing="It has <b>learnt next to nothing</b>: {train} of the training images; guessing gives {chance}.",
        underfitting=(
            "This is <b>underfitting</b>: even of the images it learnt from it gets only {train}. Try more neurons, "
            "more epochs, or another learning rate."
        ),
        not_normalised="Its pixels were not normalised: numbers 255 times as large make training unsteady.",
        overfitting=(
            "This is <b>overfitting</b>: {train} of the images it learnt from, but only {test} of those it never saw, "
            "{points} points less."
        ),
        turn=(
            "The test loss was lowest in epoch {turn} ({lowest}) and rose to {test_loss}: the rest was learnt by heart."
        ),
        good=(
            "A good fit: on images it never saw it is only {points} points worse, so no overfitting shows yet. More "
            "epochs would raise the training figure, not surely the test one."
        ),
        good_on_both=(
            "It does as well on images that it never saw as on those it learnt from, so no overfitting shows yet. (An "
            "epoch’s training figure is the mean over that epoch, in which the network was still getting better.)"
        ),
        stopped="Reached {target} accuracy, so training stopped! That was epoch {number} (counted from 1).",
        never_stopped="In {epochs} it never got above {target}, so the callback did not stop it.",
        kept=(
            "I keep this network for you for {kept}; training again replaces it. Test it with the buttons, or reply to "
            "this message with a photo."
        ),
        notice="<b>Trained</b>: {neurons}, {epochs}, <b>{test}</b> on test images. The message above says more.",
        not_kept="The database cannot be reached, so this network could not be kept. Please train it again in a while.",
    ),
    ends=Ends(
        cancelled="This training was <b>cancelled</b>.",
        stopped=(
            "<b>Training was interrupted</b>: the bot is restarting, and this network was not kept. Please start it "
            "again in a moment."
        ),
        no_data=(
            "<b>No training yet</b>: the training images are not here and cannot be fetched now. Missing: "
            "<code>{missing}</code>. Try again when the network is back, or ask the admin to put the files in place. "
            "Everything else works."
        ),
        memory="<b>Training was interrupted</b>: memory ran out. Try again in a while, or with fewer neurons.",
        failed="<b>Training was interrupted</b>; the log says why. Please try again.",
        earlier="A network that you trained before is still yours.",
    ),
    own=Own(
        ask_title="Test your network",
        ask_photo="Reply to this message with a photo: your network looks at it, and so do I.",
        sample=(
            "<b>Test image {number}</b>, actual: <b>{actual}</b>\n"
            "Your network: <b>{own}</b> ({own_share}), {own_result}\n"
            "The bot: <b>{bot}</b> ({bot_share}), {bot_result}"
        ),
        right="✓\N{NO-BREAK SPACE}right",
        wrong="✗\N{NO-BREAK SPACE}wrong",
        columns="Ten probabilities (your network / the bot):",
        gallery=(
            "<b>{images} for your network</b>, picked at random.\nTap a number to see what it says, and what I say."
        ),
        gallery_wrong=(
            "<b>Test images that your network gets wrong</b>: {total} in all, {images} picked at random.\n"
            "Tap a number to see what it says, and what I say."
        ),
        gallery_picture="In the picture: test images of 28×28 pixels in a grid, numbered.",
        none_wrong="Your network gets no test image wrong.",
        photo_title="The same photo",
        photo="<b>{title}</b>\nYour network: <b>{own}</b> ({own_share})\nThe bot: {bot}",
        photo_answer="<b>{name}</b> ({share})",
        photo_unsure="not sure, {first} ({first_share}) or {second} ({second_share})",
        photo_no_answer="I came to no conclusion about it",
        photo_why=(
            "<b>Why does it say {bag} to nearly every photo?</b> It knows the training images only: garments bright on "
            "black that fill the frame. Shrunk the course’s way, background and all, a photo is black nowhere; and all "
            "it knows that fills a frame is a {bag}."
        ),
        photo_measured="The course’s network called {share} of {photos} {favourite}, with {confidence} confidence.",
        photo_bot="I find the garment first, paint the rest black and invert it; and I learnt from real photos, too.",
        picture="In the picture: the photo; beside it the 28×28 pixels that each network saw; below, ten bars.",
    ),
    class_table=ClassTable(
        text=(
            "<b>Our networks</b>\n"
            "Everybody trains with /train in a private chat with me; the best test accuracy of each stands here.\n"
            "The course prints (test): {short_epochs} {short_test}, {long_epochs} {long_test}.\n\n"
            "{rows}\n\n{consent}"
        ),
        row="{place}. {name}: <b>{test}</b> (train {train}), {neurons}, {epochs}{raw}",
        row_raw=", not normalised",
        waiting="Joined, nothing trained yet: {names}",
        empty="Nobody has joined yet.",
        more="And {people} more.",
        consent=(
            "Whoever taps “Join” is listed by first name, which I delete after {kept}; /forget removes it at any time."
        ),
    ),
    pictures=TrainPictures(
        title="Your network: {neurons}, {epochs}",
        accuracy="Accuracy",
        loss="Loss",
        train="Train",
        test="Test",
        course="dashed: the course",
        epoch="epoch",
        not_yet="The curve begins here after the first epoch",
        own="Your network",
        bot="The bot",
        actual="Actual",
        right="right",
        wrong="wrong",
        own_sees="Your network sees: all of it",
        bot_sees="The bot sees: the garment",
        photo="Photo",
        no_answer="no conclusion",
        gallery="Test images for your network",
        gallery_wrong="Test images your network gets wrong",
    ),
    buttons=TrainButtons(
        chosen="✓ {label}",
        neurons="{count}",
        epochs="{count} epochs",
        rate="Learning rate {rate}",
        normalise="Normalise: yes",
        not_normalise="Normalise: no",
        stop="Stop at {target}: yes",
        not_stop="Stop at {target}: no",
        start="Start training",
        cancel="Cancel",
        again="Train another one",
        sample="Try a test image",
        gallery="Try 25",
        only_wrong="Only its mistakes",
        all_images="Show all",
        back="← Back to the 25",
        photo="Try a photo",
        another_photo="Another photo",
        another="Another one",
        another_sheet="New set",
        ask_own="Ask my network",
        join="Join and train in private",
    ),
    toasts=TrainToasts(
        already="You have a network that is training or waiting. Let it finish, or cancel it.",
        full="Too many people are waiting. Please try again in a while.",
        not_yours="Only the person who started this training can cancel it.",
        gone="This training is gone; the bot may have restarted. Your settings are here: start it again.",
        none="You have no network of your own, or its week is over. Send /train in a private chat with me.",
        no_table="This table is out of use. Please send /train again.",
    ),
)
