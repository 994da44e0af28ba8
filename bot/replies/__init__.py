"""What a reply says and shows.

Knows nothing of handlers, stores or the network; only ``keyboards`` imports Telegram's types.

Texts without blanks come from ``texts(language)``; everything with numbers or names from a function here:

* :mod:`~bot.replies.texts`: ``Language``, ``texts(language)``, ``language_for(code)``.
* :mod:`~bot.replies.messages`: ``commands(names, language)``, ``start_text``, ``help_text``, ``privacy_text``,
  ``problem_text(problem, language)``, ``error_text(error_id, language)``, ``error_toast``, ``flooded_toast``,
  ``download_failed_text``,
  ``queue_text(ahead, wait, language)``, ``over_limit_text(left_out, limit, wait, language)``, ``measuring_text``,
  ``consent_text(label, kept, language)``, ``kept_text(label, language)``,
  ``forgotten_text(records, photos, language)``,
  ``status_text(Status(...), language)``, ``reload_text``, ``model_refused_text``, ``model_now_text``,
  ``error_notice_text``, ``files_unreadable_text``, ``review_caption``, ``learn_place_text``.
* :mod:`~bot.replies.captions` (HTML, at most 1024): ``photo_caption(recognition, language)``,
  ``album_caption(answers, language)``, ``album_item_caption(item, language)``,
  ``sample_caption(prediction, actual, index, language)``, ``gallery_caption(gallery, language)``,
  ``gallery_item_caption(prediction, actual, item, language)``, ``accuracy_caption(live, language)``,
  ``measured_caption(confusion, took, language)``, ``pairs_caption(pairs, language)``,
  ``why_caption(prediction, facts, language)``.
* :mod:`~bot.replies.cards` (JPEG bytes): ``photo_card(recognition, language)``,
  ``why_card(recognition, heat, language)``,
  ``sample_card(image, prediction, actual, index, language)``, ``gallery_sheet(images, right, title)``,
  ``gallery_item_card(images, right, opened, prediction, actual, language)``,
  ``contact_sheet(recognitions, language)``,
  ``confusion_card(confusion, language)``, ``pairs_card(examples, language)``.
* :mod:`~bot.course.steps`: the steps of /learn, ``card(step, materials, language)``.
* :mod:`~bot.replies.keyboards`: ``photo_keyboard(answer, language)``, ``settled_keyboard``, ``classes_keyboard``,
  ``consent_keyboard``, ``undo_keyboard``, ``sample_keyboard``, ``gallery_keyboard``, ``gallery_item_keyboard``,
  ``album_keyboard``, ``album_item_keyboard``, ``album_answers(markup)``, ``accuracy_keyboard``, ``language_keyboard``,
  ``review_keyboard``, ``start_keyboard``, ``no_images_keyboard``.
* :mod:`~bot.replies.callback_data`: ``Answer.of(prediction, version, chosen=, garments=)``,
  ``parse(data)`` gives one of its frozen actions or None, ``encode(action)``.
"""
