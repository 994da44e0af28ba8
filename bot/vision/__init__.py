"""The pure core: from the bytes of a photo to an answer for each garment in it.

:mod:`recognizer` joins the steps. Read them in the order that a photo takes: :mod:`decoder` (bytes to :mod:`photo`),
:mod:`data_set_picture` (is it one of Fashion-MNIST?), :mod:`garment` (where the garments are), and for each of them
:mod:`pixels` and :mod:`classifier` (28x28 gray pixels, ten probabilities), :mod:`color_classifier` (a view in colour,
twelve), :mod:`fusion` (both as one distribution), :mod:`verdicts` (the :mod:`prediction` that people are told).
:mod:`explain` says which parts spoke for it. Nothing in here knows Telegram or TensorFlow.
"""
