"""The pure core: from the bytes of a photo to ten probabilities.

Read it in the order a photo takes: :mod:`decoder`, :mod:`photo`, :mod:`garment`, :mod:`pixels`,
:mod:`classifier`, :mod:`prediction`; :mod:`recognizer` is the line that joins them. Nothing in here knows
Telegram or TensorFlow.
"""
