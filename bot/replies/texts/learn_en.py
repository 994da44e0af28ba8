"""/learn in English."""

from typing import Final

from bot.replies.texts.catalogue import Counted
from bot.replies.texts.learn_catalogue import (
    Callback,
    Clicking,
    Data,
    Flatten,
    Frame,
    Gap,
    Hidden,
    LearnTexts,
    Loss,
    Neuron,
    Normalise,
    Overfitting,
    Photos,
    Pixels,
    Result,
    Rules,
    Softmax,
    Tflite,
    Training,
    Width,
)

TEXTS: Final = LearnTexts(
    short_names=("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"),
    epochs=Counted("{count} epoch", "{count} epochs"),
    frame=Frame(
        heading="<b>{title}</b>\n{place}",
        picture="<i>In the picture: {picture}</i>",
        first_image="the first test image",
        your_photo="your photo",
        no_test_images="This step needs the test images, which are not available now, so it has no picture.",
        no_records="This step needs recorded training runs, which this machine does not have, so it has no picture.",
        no_model="This step needs a model, and there is none at the moment, so it has no picture.",
        missing="No picture for this step",
        list_separator=", ",
        clause_separator="; ",
        sentence_gap=" ",
        train="Train",
        test="Test",
        epoch="epoch",
        epoch_number="Epoch {number}",
    ),
    rules=Rules(
        title="Rules run out, examples teach",
        text=(
            "How would you explain clothes to somebody who has <b>never seen any</b>? A computer is like that. With "
            "rules, perhaps: long and narrow are trousers, flat is a shoe… We really wrote three and tried them on "
            "{total}. Right: <b>{percent}</b>.\n\n"
            "Dresses are narrow, too; sandals and bags are flat. Every rule you add brings new exceptions, without "
            "end. "
            "You did not learn from rules what trousers are, either: you saw many.\n\n"
            "Machine learning does just that. No rules: show the computer many <b>examples with their answers</b> and "
            "let it find the pattern. With images this is <b>computer vision</b>. {taught}\n\n"
            "The next steps show how. All numbers are real: from the data, the model, or training that really ran."
        ),
        taught="The model that saw examples gets <b>{percent}</b> of {number} test images right.",
        picture="each of the three rules with four lucky guesses and four mistakes. {rules}.",
        rules=("Long and narrow", "Wide and flat", "Anything else"),
        rule="{rule} → {name}",
        rule_line="{name}: {right} right, {wrong} wrong",
        bar_rules="Three rules",
        bar_taught="Taught by examples",
    ),
    data=Data(
        title="The textbook: clothes with answers",
        text=(
            "Learning needs material. Ours is called Fashion-MNIST: <b>{total}</b> product pictures from an online "
            "shop, "
            "shrunk to small grey images, in ten classes.\n\n"
            "• <b>{train} to train</b>: the model learns from these, answers included.\n"
            "• <b>{test} to test</b>: locked away until the exam, {in_a_class} of each class.\n\n"
            "Why keep them apart? If the exam repeats the exercises, full marks may only mean a good memory.\n\n"
            "Each image’s answer is a number, its <b>label</b>. The first test image has label {label}: {first}. "
            "Numbers "
            "are what computers handle best, and they belong to no language."
        ),
        picture="a row for each class with {shown} test images: {names}. The bar below compares train and test.",
        train="{number} to train",
        test="{number} to test",
    ),
    pixels=Pixels(
        title="What a computer sees",
        text=(
            "A computer sees no shoes and no shirts. It sees <b>numbers</b>.\n\n"
            "Every image is a grid of {side}×{side} little squares called <b>pixels</b>, {total} in all. Each is one "
            "number from <b>0 (black) to 255 (white)</b>: the larger, the brighter.\n\n"
            "In {subject}, {black} squares are 0: background. The brightest one is {brightest}.\n\n"
            "Zoom in until you see the squares, and replace each by its number: that is everything the model gets. "
            "Shape, pattern and laces are all hidden in these numbers."
        ),
        picture=(
            "{subject}; the framed {window}×{window} squares are enlarged with their numbers. The window starts at row "
            "{row}, column {column}; its top row reads {numbers}."
        ),
        beside="The whole image is {total} numbers",
        window="Those in the green frame are enlarged below",
        black="0 black",
        white="255 white",
    ),
    normalise=Normalise(
        title="Normalising: smaller numbers",
        text=(
            "Before the model sees a pixel, it is divided by 255, so that all numbers lie <b>between 0 and 1</b>. "
            "The image is the same in another unit, like metres for centimetres: {before} in {subject} becomes "
            "{after}. "
            "This is <b>normalising</b>.\n\n"
            "Why? A model starts with tiny weights. Inputs in the hundreds add up to huge numbers, and every "
            "correction "
            "overshoots: giant steps on a narrow plank.\n\n"
            "The course says that it fails without. We measured it: the same program, {epochs}, accuracy on the test "
            "images:\n"
            "• without: <b>{without}</b>\n"
            "• with: <b>{with_it}</b>\n"
            "{points} points apart, from one division."
        ),
        picture="six pixels before and after dividing by 255: {pairs}. Below, test accuracy by epoch of both runs.",
        chart="Accuracy on the test images",
        without="Without",
        with_it="With",
    ),
    neuron=Neuron(
        title="One neuron learns Y = 2X + 1",
        text=(
            "Some pairs of numbers: {points}… Do you see the rule? <b>Y = 2X + 1</b>.\n\n"
            "A <b>neuron</b> computes Y = wX + b and nothing else. It does not know w and b, so it guesses. Just now "
            "(really: this picture was computed for you) it guessed <b>{first}</b>, with a mean squared error of "
            "{first_loss}.\n\n"
            "Then it repeated three things:\n"
            "1. Measure the error: the <b>loss</b>.\n"
            "2. See which way w and b must move to make it smaller.\n"
            "3. Move a little that way.\n\n"
            "This is <b>gradient descent</b>. After {steps} steps: <b>{last}</b>, loss {last_loss}. Asked for X = "
            "{asked}, which it {known}, it says <b>{answer}</b>; the truth is {truth}. Close, not exact: it was "
            "learnt, not looked up.\n\n"
            "Leave and come back, and it starts from another guess. <b>Ask it yourself</b>: reply with a number, your "
            "X."
        ),
        picture=(
            "{points} black dots are the data; red is the first guess, {first}; grey is on the way; green is {last}."
        ),
        step="Step",
        loss="Loss",
        unseen="never saw",
        seen="has seen",
        asked="For X = {x} it says",
        truth="The truth is {truth}",
        guess="First guess",
        underway="On the way",
        learnt="Learnt",
    ),
    flatten=Flatten(
        title="Flatten: one long thread",
        text=(
            "That neuron took one number, but an image is a grid of {side}×{side}. How does it get in?\n\n"
            "Put row 1 down, row 2 behind it, row 3 behind that… like unravelling a pullover into one long thread. In "
            "the end <b>{total} numbers stand in a row</b>. This is <b>Flatten</b>. It learns nothing; it only "
            "rearranges.\n\n"
            "Row {row} of {subject}, for instance, becomes numbers {start} to {end}.\n\n"
            "The price: two squares, one above the other, are now {side} places apart, and the model has to learn anew "
            "who is next to whom. Convolutional networks were invented to mend that."
        ),
        picture=(
            "rows {first} to {last} framed in colours, laid end to end, and below all {total} numbers as one strip."
        ),
        beside="A grid of {side}×{side}, unravelled into {total}",
        row="Row {row} → {start}–{end}",
        three="These three rows end to end",
        whole="All {total} numbers in a row",
    ),
    hidden=Hidden(
        title="A layer of neurons, and ReLU",
        text=(
            "The {inputs} numbers go to <b>{neurons} neurons</b> at once. Each has {inputs} weights of its own: "
            "multiply, "
            "add up, add a bias. This layer alone has {weights} numbers to learn.\n\n"
            "Draw a neuron’s weights as 28×28 again, and you see what it looks for: brightness on green adds to its "
            "sum, "
            "brightness on orange takes away.\n\n"
            "Then <b>ReLU</b> does one thing: below zero becomes 0, the rest stays. Like judges who keep quiet unless "
            "they see what they look for. Without it, many layers would be worth no more than one.\n\n"
            "With {subject}, <b>{lit} speak up</b> (the loudest {best}) and {dark} keep quiet (the lowest, {worst}, "
            "becomes 0)."
        ),
        picture=(
            "a square for each of {neurons} neurons after ReLU, {lit} of them lit, number {strongest} most of all: "
            "{best}. "
            "The six small pictures are the weights of the four loudest and the two quietest."
        ),
        relu="ReLU: below zero becomes 0",
        below="← below zero",
        above="above zero →",
        maps="What neurons look for (green adds, orange takes away)",
        neuron="No. {number}",
        grid="{neurons} neurons: {lit} speak up, {dark} are 0",
    ),
    width=Width(
        title="How many neurons?",
        text=(
            "No formula gives {chosen}; somebody tried. The same program, {epochs}, only the number of neurons "
            "changed, "
            "and each really ran:\n\n"
            "• <b>Too few</b>: {few} get {few_test} of the test images right. Like describing all clothes in two "
            "words.\n"
            "• <b>{chosen}</b> get {chosen_test}.\n"
            "• <b>Many</b>: {many} get {many_test}, with {times} times as many numbers to learn: slower, larger, and "
            "more "
            "apt to learn by heart.\n\n"
            "From some point on, more hardly helps. Numbers that people choose before training are "
            "<b>hyperparameters</b>, and you choose them by trying, measuring, comparing. A computer can do the "
            "trying, "
            "too: that is <b>tuning</b>, <code>python -m training --tune</code> here."
        ),
        picture="a row for each width with train and test accuracy: {lines}.",
        line="{neurons}: {test}",
        neurons="Neurons",
        weights="To learn",
        bars_from="Bars start at {low}",
    ),
    softmax=Softmax(
        title="Softmax: scores become probabilities",
        text=(
            "The last layer has ten neurons, one a class, and each gives a <b>score</b>. Scores may be negative and "
            "know "
            "no limit, so they are hard to read. For {subject} the scores are {score} for {name} and {second_score} "
            "for "
            "{second}.\n\n"
            "<b>Softmax</b> makes probabilities of them in two moves:\n"
            "1. Take e to the power of each score. Negative ones become small, large ones larger still.\n"
            "2. Divide each by their sum, so that all ten add up to {sum}.\n\n"
            "The result: {name} <b>{share}</b>, {second} {second_share}. A lead of {lead} in the score is a factor of "
            "{times} in probability: leads grow.\n\n"
            "Mind: probable is not the same as right. It only says which of the ten it leans to.{note}"
        ),
        picture="the classes from high to low with score, power of e and a bar for the probability: {lines}…",
        line="{name} {score}, {share}",
        photo_note=" (This is the course’s small network, which often fails on photos; the last step says why.)",
        recipe="e to the score ÷ the sum",
        recipe_more="All ten are positive and add up to 100%",
        score="Score z",
        power="e to the z",
        share="Probability",
    ),
    loss=Loss(
        title="How wrong? Walk downhill",
        text=(
            "To get better, a model must know <b>how wrong</b> it is. The loss looks at one thing: the probability "
            "it gave "
            "the <b>right answer</b>. 100% costs 0; the lower it is, the more it costs. The formula is "
            "−ln(probability), called <b>cross-entropy</b>.\n\n"
            "Test image {number} is labelled {actual}. The model says {said} and gives the right answer {share}: loss "
            "{loss}.\n\n"
            "Now work out which way to turn each weight, and turn it a little: the <b>optimizer’s</b> job. It is like "
            "walking down a mountain in fog, feeling with your foot where it goes down. We just took {steps} steps on "
            "this image (last layer only): the right answer rose to <b>{share_after}</b>, the loss fell to "
            "{loss_after}.\n\n"
            "The course uses <b>Adam</b>, which fits the stride to each weight. In {epochs} the mean loss fell from "
            "{first_loss} to {last_loss}."
        ),
        picture="the curve of the loss; dots mark each step on this image, losses {losses}. Bars: mean loss by epoch.",
        says="× The model says: {name}",
        actual="✓ Right answer: {name}",
        share="Probability it gave that: {percent}",
        first_loss="Loss {loss}",
        curve="Loss = −ln(probability)",
        x_name="Probability of the right answer",
        step="Step",
        share_short="Prob.",
        loss="Loss",
        run="In real training the mean loss falls epoch by epoch",
    ),
    result=Result(
        title="Reading a result",
        text=(
            "Give {subject} to the model in use and ask for two <b>shapes</b>:\n"
            "• in: <code>{input}</code>, 1 image, {side} rows, {side} squares a row\n"
            "• out: <code>{output}</code>, 1 image, {classes} probabilities\n"
            "{images}\n"
            "The ten stand in order; the place is the class, <b>counted from 0</b>. Where is the largest? "
            "<code>argmax</code> "
            "finds it: <b>{place}</b>, which is <b>{name}</b>, with {share}.\n\n"
            "{check}\n\n"
            "A common mistake is to take argmax for a probability. It is a place; the number there says how "
            "sure the model is."
        ),
        picture="ten columns, the probabilities by class: {shares}.",
        right="The answer sheet says label <b>{label}</b> ({name}): ✓\N{NO-BREAK SPACE}right.",
        wrong="The answer sheet says label <b>{label}</b> ({name}): ✗\N{NO-BREAK SPACE}wrong this time.",
        no_label=(
            "A photo has no answer sheet; you say whether it is right. These numbers come from the 28×28 pixels "
            "alone. To answer a photo, the bot also asks a network that looks at it in colour; together they say: "
            "<b>{bot}</b>."
        ),
        images="• all test images: <code>{shape}</code>, {number} of them\n",
        input="Shape in",
        output="Shape out",
        label="Label",
        columns="Ten probabilities, counted from 0",
        foot="The largest is at {place}: {name}",
    ),
    training=Training(
        title="Training: again and again",
        text=(
            "All parts are there; now train. Take {batch} images: guess, compute the loss, turn {weights} numbers a "
            "little. "
            "Once through all {images} is <b>an epoch</b>. The course runs {epochs}.\n\n"
            "This run really took place: accuracy on the training images went from <b>{first}</b> in the first epoch "
            "to "
            "<b>{last}</b>, the loss from {first_loss} to {last_loss}. {took}\n\n"
            "The first epoch brings the most, later ones less and less: the easy things are learnt first, and what is "
            "left is "
            "hard, like telling shirts from coats.\n\n"
            "After each epoch there is an exam on test images it never learnt from (orange). It ends at <b>{test}</b>, "
            "below the training figure. Why? See the next step."
        ),
        took="All of it took {seconds} seconds.",
        picture="green: accuracy on training images by epoch, {accuracies}; orange: on test images. Below, the losses.",
        loss="Train loss",
        train="Train accuracy",
        test_loss="Test loss",
        test="Test accuracy",
    ),
    gap=Gap(
        title="Why are exam marks lower?",
        text=(
            "Imagine somebody who has only ever seen sneakers and thinks that all shoes look like that. One day they "
            "meet "
            "a <b>high heel</b> (a {heel} in our data). What will they say? They can only look for the most similar "
            "sneaker, and none fits.\n\n"
            "So it is with the model. It saw the training images many times and the test images never. Training "
            "accuracy <b>{train}</b>, test <b>{test}</b>: {points} points apart.\n\n"
            "• To know what it can really do, look at the <b>test</b>.\n"
            "• A small gap is normal; a large one means learning by heart.\n"
            "• To make it smaller, show <b>more kinds</b> of examples: that helps more than the same ones ten times "
            "over."
        ),
        picture=(
            "sneakers; a high heel and the sneaker most like it; test images that the model gets wrong: {mistakes}… "
            "The bars at the bottom compare train and test accuracy."
        ),
        mistake="{actual} taken for {said}",
        seen="All they have ever seen",
        meets="One day they meet this",
        most_like="most like it, of those:",
        no_match="Not even close!",
        mistakes="The model has such moments, too (✓ actual, × model)",
    ),
    callback=Callback(
        title="Good enough? Stop: callbacks",
        text=(
            "How many epochs? No need to guess. Training can call you <b>at the end of every epoch</b>, so that you "
            "look at "
            "the marks and decide. That is a <b>callback</b>, like asking to be called when the water boils.\n\n"
            "The course’s deal: stop when training accuracy is above <b>{target}</b>, after {planned} at most.\n\n"
            "{said}\n\n"
            "It saves time, and some learning by heart. But it watches the <b>training</b> marks, and good ones "
            "promise no "
            "good exam. Better: watch images that are not trained on, and stop when they no longer improve (early "
            "stopping).\n\n"
            "Try it: /train with the most epochs and “Stop at {target}: yes”."
        ),
        stopped="In the recorded run: at the end of epoch <b>{number}</b> it reached {accuracy}. Stop! {saved} saved.",
        never="In the recorded run: {epochs}, {best} at best, so it never called.",
        picture="training accuracy by epoch; the dashed red line is {target}; marked is epoch {number}, {accuracy}.",
        curve="Accuracy on the training images",
        mark="Stop at epoch {number}: {accuracy}",
        rule_name="What the callback does",
        rule=(
            "At the end of every epoch:",
            "Look at the training accuracy",
            "Is it above {target}?",
            "Yes → stop training",
        ),
    ),
    overfitting=Overfitting(
        title="Too often: overfitting",
        text=(
            "{short} are not enough? Then {long}. Both really ran:\n\n"
            "• {short}: train {short_train}, test {short_test}, {short_gap} points apart\n"
            "• {long}: train <b>{long_train}</b>, test <b>{long_test}</b>, <b>{long_gap}</b> points apart\n\n"
            "Training marks climb on and on, the test stops early. The rest is learnt <b>by heart</b>: flaws of single "
            "images instead of what clothes look like. This is <b>overfitting</b>, like knowing last year’s exam and "
            "failing this year’s.\n\n"
            "The loss shows it better: on the test images it is lowest in epoch {turn} ({lowest}) and climbs to "
            "{end}. The "
            "model is not only wrong, it is wrong with conviction.\n\n"
            "What helps: stop early, more data, images mirrored or partly covered. This bot’s model uses the last two."
        ),
        picture=(
            "accuracy over {number} epochs: train (green) reaches {train}, test (orange) {test}. Below, the losses."
        ),
        accuracy="Accuracy",
        loss="Loss (the lower the better)",
        short="Epoch {number}",
        turn="Lowest in epoch {number}",
    ),
    tflite=Tflite(
        title="TFLite: fit for small machines",
        text=(
            "For a phone or a small server, a trained model has to be <b>smaller and faster</b>. TensorFlow Lite does "
            "three things:\n"
            "• It drops what only training needs and keeps the way from image to probabilities.\n"
            "• It stores weights as 8-bit integers instead of 32-bit floating-point numbers, with hardly a change in "
            "accuracy.\n"
            "• It runs in a small program, without the whole of TensorFlow.\n\n"
            "{course}{smaller}The file that looks at your 28×28 pixels takes <b>{size}</b>.\n\n"
            "And the speed? We just classified {times} times with it: the median is <b>{time}</b>, about {a_second} "
            "images a "
            "second. The second you wait goes mostly into sending the photo, finding the garment and "
            "looking at its colours."
        ),
        smaller="This bot’s Keras file takes {keras}, as TFLite {tflite}: a factor of {share}. ",
        course="The course’s network has {weights} numbers: {float_size} as floats, {byte_size} as TFLite. ",
        picture=(
            "bars compare file sizes; the TFLite file in use takes {size}. Below, the time just measured: {time} an "
            "image."
        ),
        files="Model files of this bot",
        keras="Keras (training)",
        tflite="TFLite (in use)",
        weights="The course network: {weights} numbers",
        floats="32-bit floats",
        bytes="TFLite file",
        time_title="Time for one image, measured just now",
        time_note="Median of {times}; the slowest took {slowest}",
    ),
    clicking=Clicking(
        title="A page of 25 images to click",
        text=(
            "The model is ready; people need something to use it with. The course ends with a web page: <b>{images} "
            "different images</b> at random out of {total} test images, five by five. Click one, and it is shown large "
            "beside them.\n\n"
            "Beside it stand three things:\n"
            "• <b>Predicted</b>: the class with the largest of the ten probabilities.\n"
            "• <b>Actual</b>: what the label says.\n"
            "• <b>Confidence</b>: the probability of each class, as ten bars.\n\n"
            "The page keeps its {images} until you ask for new ones; otherwise every click would change them all, and "
            "you would lose the one you meant to look at next.\n\n"
            "These were chosen just now, and one was clicked for you: predicted <b>{predicted}</b> ({share}), actual "
            "<b>{actual}</b>, {verdict}. To click yourself: /gallery."
        ),
        picture=(
            "left, {images} test images, number {place} framed; right, that one large; below, the confidence for each "
            "class: {shares}."
        ),
        right="✓\N{NO-BREAK SPACE}right",
        wrong="✗\N{NO-BREAK SPACE}wrong",
        predicted="Predicted: {name}",
        actual="Actual: {name}",
        shares="Confidence",
    ),
    photos=Photos(
        title="Why phone photos are another matter",
        text=(
            "The course’s model does well in its exam. Show it {photo}, and it says: <b>{course}</b> ({course_share}). "
            "{measured}\n\n"
            "It is not broken; <b>the question changed</b>. In the textbook garments are bright on black and fill the "
            "frame. Photos have floors, shadows, hands. All it knows that fills a frame is a bag.\n\n"
            "What this bot does:\n"
            "1. It <b>finds the garment</b> and paints the rest black.\n"
            "2. It inverts, evens out the light, shrinks to 28×28.\n"
            "3. It trained on real photos, too: tilted, dark, cut off.\n"
            "4. A second network looks at it <b>in colour</b>.\n"
            "5. It says so when it is not sure.\n\n"
            "The same photo: <b>{bot}</b>. All figures are in /accuracy."
        ),
        picture=(
            "left, the photo; top right, shrunk with its background; below, the garment alone; two bars of accuracy."
        ),
        yours="your photo",
        pretended="a made-up photo (a test image on a floor)",
        answer="{name}, {share}",
        unsure="not sure, {first} {first_share} or {second} {second_share}",
        no_answer="no conclusion",
        course_measured=(
            "Measured on {photos}: <b>{accuracy}</b> right, and {share} are called {favourite} with {confidence} "
            "confidence."
        ),
        bot_measured=(
            "This bot: <b>{accuracy}</b> on {photos} by {people} new to the model (95% interval {low}–{high})."
        ),
        photo="Photo",
        course_way="The course: shrink it all",
        bot_way="This bot: the garment only",
        says="Answer",
        says_both="Both networks",
        bars="Accuracy on real photos",
        bar_course="The course",
        bar_bot="This bot",
    ),
)
