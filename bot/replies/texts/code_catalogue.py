"""The keys of what is said about the course's program, filled in by each language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTexts:
    """What stands around the lines of a step.

    Attributes:
        notes: by the step's name, what its lines do: HTML with blanks for the figures of the data set and the program.
        stopped: what the callback prints, with ``{epoch}``.
        printed: above what the lines print here.
        recorded: the same, where a recorded training printed it.
        quoted: above what the course's text shows below them.
        notebook_title: the first cell of the notebook: Markdown.
        notebook_sent: below the notebook.
        tflite_sent: below the converted network.
        no_tflite: there is no converted network to send.
    """

    notes: Mapping[str, str]
    stopped: str
    printed: str
    recorded: str
    quoted: str
    notebook_title: str
    notebook_sent: str
    tflite_sent: str
    no_tflite: str
