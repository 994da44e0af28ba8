from tests.replies.conftest import language, prediction, recognition

__all__ = ["language", "prediction", "recognition"]
