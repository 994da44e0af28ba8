"""What /train and one's own network show and say.

* :mod:`~bot.course.train.words`: captions, all of them HTML.
* :mod:`~bot.course.train.curve`: the picture of a training that grows.
* :mod:`~bot.course.train.duel`: one's own network beside the bot.
* :mod:`~bot.course.train.keyboards`: the buttons below them.
"""
