"""Every conversation, given the services that it names."""

from bot.handlers.accuracy import AccuracyHandlers
from bot.handlers.admin import AdminHandlers
from bot.handlers.albums import AlbumHandlers
from bot.handlers.basics import BasicHandlers
from bot.handlers.class_tables import ClassTableHandlers
from bot.handlers.corrections import CorrectionHandlers
from bot.handlers.course import CourseHandlers
from bot.handlers.course_code import CourseCodeHandlers
from bot.handlers.course_pictures import CoursePictures
from bot.handlers.explain import ExplainHandlers
from bot.handlers.gallery import GalleryHandlers
from bot.handlers.garments import GarmentHandlers
from bot.handlers.group_quiz import GroupQuizHandlers
from bot.handlers.groups import GroupHandlers
from bot.handlers.inline import InlineHandlers
from bot.handlers.intake import PhotoIntake
from bot.handlers.language import LanguageHandlers
from bot.handlers.links import LinkHandlers
from bot.handlers.model_watch import ModelWatch
from bot.handlers.own_network import OwnNetworkHandlers
from bot.handlers.own_network_offer import OwnNetworkOffer
from bot.handlers.photos import PhotoHandlers
from bot.handlers.profile import ChatMenus
from bot.handlers.quiz import QuizHandlers
from bot.handlers.reactions import Reactions
from bot.handlers.sample import SampleHandlers
from bot.handlers.second_look import SecondLook
from bot.handlers.train import TrainHandlers
from bot.registry.training_history import TrainingHistory
from bot.services import Services
from bot.vision.interpreter import TfliteRuntime


class Conversations:
    """What :mod:`bot.routing` hands messages and taps to. Services differ in type: mypy sees that each fits."""

    def __init__(self, services: Services) -> None:
        s, settings = services, services.settings
        own_network_offer = OwnNetworkOffer(s.storage)
        second_look = SecondLook(s.executors, s.recognizer)
        reactions = Reactions(s.detached_tasks)
        intake = PhotoIntake(s.photo_rate_limit, s.photo_queue, s.debouncer, s.languages, s.errors)
        course_pictures = CoursePictures(s.models, s.recognizer, s.executors, s.test_set)

        self.chat_menus = ChatMenus(settings.admin_ids, s.admin_menus, s.languages, s.detached_tasks)
        self.class_tables = ClassTableHandlers(s.languages, s.storage, s.debouncer)
        self.basics = BasicHandlers(
            settings.admin_ids,
            s.page_url,
            s.languages,
            s.storage,
            s.training,
            s.course_places,
            s.recent_photos,
            self.class_tables,
            self.chat_menus,
            s.detached_tasks,
        )
        self.language = LanguageHandlers(s.languages, self.chat_menus, s.detached_tasks)
        self.links = LinkHandlers(s.languages)
        self.photos = PhotoHandlers(
            s.languages,
            s.storage,
            s.recognizer,
            s.executors,
            s.recent_photos,
            own_network_offer,
            intake,
            reactions,
            s.statistics,
            s.detached_tasks,
            s.errors,
        )
        self.albums = AlbumHandlers(
            s.languages,
            s.recognizer,
            s.executors,
            s.photo_rate_limit,
            s.shared_albums,
            s.debouncer,
            intake,
            reactions,
            self.photos,
            s.statistics,
            s.detached_tasks,
            s.errors,
        )
        self.groups = GroupHandlers(s.languages, self.photos, self.albums, s.errors)
        self.garments = GarmentHandlers(s.storage, s.models, s.executors, second_look, s.detached_tasks)
        self.explain = ExplainHandlers(s.models, s.recognizer, s.executors, second_look, s.detached_tasks)
        self.corrections = CorrectionHandlers(
            s.storage, s.models, s.recognizer, s.executors, second_look, s.detached_tasks
        )
        self.sample = SampleHandlers(
            s.languages,
            s.models,
            s.recognizer,
            s.executors,
            s.test_set,
            s.shown_images,
            own_network_offer,
            s.detached_tasks,
        )
        self.gallery = GalleryHandlers(
            s.page_url,
            s.languages,
            s.models,
            s.recognizer,
            s.executors,
            s.test_set,
            s.measuring,
            own_network_offer,
            s.detached_tasks,
            s.errors,
        )
        self.accuracy = AccuracyHandlers(
            s.languages, s.models, s.executors, s.test_set, s.measuring, s.detached_tasks, s.errors
        )
        self.quiz = QuizHandlers(s.languages, s.recognizer, s.executors, s.test_set, s.detached_tasks)
        self.group_quiz = GroupQuizHandlers(s.languages, s.storage, s.recognizer, s.executors, s.test_set)
        self.inline = InlineHandlers(
            s.page_url,
            s.languages,
            s.storage,
            s.models,
            s.recognizer,
            s.executors,
            s.test_set,
            s.shown_images,
            s.errors,
        )
        self.course = CourseHandlers(
            s.languages,
            s.recognizer,
            s.executors,
            course_pictures,
            s.course_places,
            s.recent_photos,
            intake,
            reactions,
            s.detached_tasks,
            s.errors,
        )
        self.course_code = CourseCodeHandlers(s.executors, course_pictures)
        self.train = TrainHandlers(
            s.languages,
            s.storage,
            s.executors,
            s.training,
            s.shared_trainings,
            own_network_offer,
            self.class_tables,
            s.detached_tasks,
            s.errors,
        )
        self.own_network = OwnNetworkHandlers(
            s.languages, s.storage, s.recognizer, s.executors, s.test_set, intake, reactions, s.detached_tasks, s.errors
        )
        self.admin = AdminHandlers(
            settings.admin_ids,
            TfliteRuntime(settings.tflite_runtime),
            s.languages,
            s.storage,
            s.models,
            s.executors,
            s.photo_queue,
            s.statistics,
        )
        self.model_watch = ModelWatch(TrainingHistory(settings.models_dir), s.models, s.executors, s.alerts)
