"""What /quiz shows and says: a question, then the answer beside the model's.

* :mod:`~bot.replies.quiz.words`: captions, HTML.
* :mod:`~bot.replies.quiz.card`: the picture of a question; an answer shows :func:`bot.replies.cards.sample_card`.
* :mod:`~bot.replies.quiz.keyboards`: the buttons below them.
"""
