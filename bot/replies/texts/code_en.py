"""The course's program, explained in English."""

from typing import Final

from bot.replies.texts.code_catalogue import CodeTexts

TEXTS: Final = CodeTexts(
    notes={
        "start": (
            "The program begins here: numpy computes, TensorFlow trains, and <code>EPOCHS</code> says how often the "
            "training images are gone through. To change that, change it here.\n\n"
            "<code>by_rules</code> is the three rules: find the bright pixels, measure height and width, guess.\n\n"
            "Think of it this way: how would you explain clothes to somebody who has never seen any? Rules would not "
            "do. "
            "People see many pictures, and learn what each thing is and what it is for. Letting a computer learn from "
            "many pictures, too, is <b>computer vision</b>."
        ),
        "data": (
            "TensorFlow knows the data set: <code>load_data()</code> fetches it, already divided into {train} training "
            "images with {train} labels and {test} test images with {test} labels; {total} in all, each 28×28 and of "
            "one "
            "colour.\n\n"
            "The ten names stand in the order of the labels, 0 to 9, so that a label finds its name. The last line "
            "asks "
            "the rules about the first test image; compare with its label: they are mistaken."
        ),
        "pixels": (
            "<code>shape</code> is the shape and <code>dtype</code> the kind of number: <code>uint8</code> is a whole "
            "number of 8 bits, hence 0 to 255. One colour needs one number a pixel; a colour picture needs three, red, "
            "green and blue.\n\n"
            "The last line prints one row of 28 numbers; an image is 28 rows like it."
        ),
        "normalise": (
            "The whole array is divided at once, not pixel by pixel, and test images are treated like training "
            "images.\n\n"
            "This is <b>normalising</b>: the network learns more efficiently. Without it training may fail, or make "
            "many "
            "errors on the way; the step itself has the figures that were measured."
        ),
        "neuron": (
            "A network with one layer of one neuron is this equation. The course writes Y = mX + c: m is the "
            "<b>weight</b> and c the <b>bias</b>, the w and b from before. <code>fit</code> uses <code>sgd</code>, "
            "gradient descent, to make the mean squared error small.\n\n"
            "Clothes are the same with more numbers: X is 784 pixels (28×28) of 0 to 255, Y is 0 to 9, ten classes.\n\n"
            "Another X? Reply to this step with a number, such as <code>-7.5</code>, and the neuron that has just "
            "learnt will answer."
        ),
        "flatten": (
            "An image is a two-dimensional array of 28×28; <code>Flatten</code> makes it one-dimensional, 784 numbers. "
            "That is layer 1, the <b>input layer</b>. The 1 in front of the shapes is the number of images: many can "
            "go "
            "in at once."
        ),
        "hidden": (
            "Layer 2 is the <b>hidden layer</b>. <code>Dense</code> says that each neuron is connected to every "
            "number of "
            "the layer before. 128 neurons give 128 outputs, room for 128 values while the network trains.\n\n"
            "The <b>activation function</b> is what each neuron does with its sum. <code>relu</code> is the rectified "
            "linear unit: only what is above 0 goes on to the next layer. The last line tries it on five numbers."
        ),
        "width": (
            "Three layers, and that is the whole network. <code>build</code> takes the number of neurons, and "
            "<code>count_params()</code> counts what is to be learnt.\n\n"
            "Why 128? Any number will do. With too many, training is slow and tends to <b>overfitting</b>; with too "
            "few, "
            "there is not enough inside. Finding a good number matters, and is called <b>hyperparameter tuning</b>."
        ),
        "softmax": (
            "Layer 3 is the <b>output layer</b>: ten classes, so ten neurons, each with the score of its class. "
            "Softmax "
            "puts every number between 0 and 1, makes their sum 1, and brings out the largest.\n\n"
            "These lines check it with numpy, on the seven scores that the course uses."
        ),
        "loss": (
            "<code>compile</code> settles three things:\n"
            "• <code>optimizer</code>: <code>adam</code>, how weights are changed.\n"
            "• <code>loss</code>: <code>sparse_categorical_crossentropy</code>, how errors are measured. Sparse means "
            "that answers are labels, 0 to 9, and need not be ten zeros and ones.\n"
            "• <code>metrics</code>: show the accuracy on the way.\n\n"
            "The aim: 28×28 pixels go in, and the neurons in the middle combine them with weights and biases (m and "
            "c) to "
            "match one of ten classes."
        ),
        "training": (
            "One line trains. <code>epochs</code> is how often it learns from everything.\n\n"
            "Where does {steps} in the progress come from? A step takes {batch} images, {train} ÷ {batch} = {steps}, "
            "so an "
            "epoch has {steps} steps. Each is: guess, look at the labels, measure the loss, let the optimizer change "
            "the "
            "weights. Neurons start at random, so the figures differ a little each time."
        ),
        "gap": (
            "<code>evaluate</code> is the exam on {test} test images: nothing is learnt. Again {batch} at a time; the "
            "last "
            "batch is not full and still counts, which makes {test_steps} steps.\n\n"
            "It returns two numbers, <b>[loss, accuracy]</b>: first the loss, then the metrics, as in compile.\n\n"
            "Accuracy is mostly lower here than in training: training images were learnt from many times, these were "
            "never seen, and the model may be puzzled."
        ),
        "result": (
            "<code>predict</code> gives ten probabilities for each image: {test} images of 28×28 go in, {test} rows "
            "of ten "
            "come out, and there are {test} labels.\n\n"
            "<code>classifications[0]</code> holds the ten of the first image, one probability a class; <code>"
            "e-01</code> "
            "means times 10 to the power of −1. <code>np.argmax</code> finds the place of the largest, the predicted "
            "class; <code>test_labels[0]</code> is the actual one."
        ),
        "overfitting": (
            "The same network from the start, now for {long} epochs. {epochs} epochs are: start at random, look at the "
            "labels, measure the loss, let the optimizer change the weights, {epochs} times over; here {long} "
            "times.\n\n"
            "On the training set it gets clearly better, on the test set hardly: it is trained too much, which is "
            "<b>overfitting</b>."
        ),
        "callback": (
            "A callback can check on every epoch of a training: at its end Keras calls <code>on_epoch_end</code>, with "
            "loss and accuracy in <code>logs</code>. Above 0.95, <code>stop_training</code> is set to <code>"
            "True</code>. "
            "There are {long} epochs at most.\n\n"
            "Mind: Keras counts <code>epoch</code> from 0. The course prints it as it is, one too few; here 1 is added."
        ),
        "tflite": (
            "<b>Converting</b>: make a converter from the Keras model, choose an optimization if you like "
            "(<code>DEFAULT</code> stores weights in 8 bits), <code>convert()</code>, and write the file.\n\n"
            "<b>Using it</b> needs LiteRT (<code>pip install ai-edge-litert</code>) and no TensorFlow. "
            "<code>allocate_tensors()</code> makes room; <code>get_input_details()</code> and "
            "<code>get_output_details()</code> tell index, shape and type. An image becomes float32, is reshaped to "
            "the "
            "input’s shape, put in by its index with <code>set_tensor</code>, computed with <code>invoke</code>, and "
            "the "
            "ten probabilities are fetched with <code>get_tensor</code>.\n\n"
            "The file from the recorded {epochs} epochs can be had with the button below."
        ),
        "page": (
            "The course makes its page with Streamlit: <code>pip install streamlit streamlit-clickable-images</code>. "
            "It, "
            "too, chooses 25 different numbers out of {test} at random, in five columns; a click shows that image "
            "large, "
            "with <b>predicted</b>, <b>actual</b> and a <b>confidence</b> for each of the ten classes.\n\n"
            "A Streamlit program runs from the top at every click, so the numbers are chosen the first time only and "
            "kept "
            "in <code>st.session_state</code>; otherwise all 25 would change with each click.\n\n"
            "Here matplotlib lays them out, as if the first had been clicked; for real clicks there is /gallery."
        ),
        "photos": (
            "Save a photo of yours as <code>photo.jpg</code> beside the program and run it: grey, 28×28, divided by "
            "255, "
            "just as the course would. It will probably say bag, and be sure of it; this step says why."
        ),
    },
    stopped="Accuracy is above 95%, so training stops after epoch {epoch}.",
    printed="It prints:",
    recorded="When this really ran, it printed:",
    quoted="When the course ran it, it printed:",
    notebook_title=(
        "# Computer vision: recognising clothes\n\n"
        "The course's program, a cell for each step; run it from top to bottom. `EPOCHS` in the first cell says how "
        "long "
        "it trains: set it to 1 to be quick.\n\n"
        "Needs: `pip install tensorflow ai-edge-litert matplotlib pillow`"
    ),
    notebook_sent=(
        "The whole program of the course. Open it in Jupyter or Colab and run it from top to bottom; EPOCHS in the "
        "first "
        "cell says how long it trains."
    ),
    tflite_sent=(
        "The course’s network after {epochs} epochs (train {train}, test {test}) as TFLite, {size}. How to use it is "
        "in "
        "the code of this step."
    ),
    no_tflite="This machine does not have that file. The code of this step makes one.",
)
