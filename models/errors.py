"""What can go wrong between a visitor and a model. Every str() is one sentence: what happened, what to do."""


# ruff: noqa: N818 - the names say what happened, and are read in sentences


class ModelError(Exception):
    """A model cannot be found, fetched, loaded or run."""


class UnknownModel(ModelError):
    """No model has this id."""


class NotHere(ModelError):
    """The model is known but has not been fetched yet."""


class Unreachable(ModelError):
    """A server did not answer, or broke off."""


class NotFound(Unreachable):
    """A server answered that it does not have the file."""


class DiskFull(ModelError):
    """The cache folder has too little room."""


class WrongChecksum(ModelError):
    """A file is not the one that was published."""


class NoSafetensors(ModelError):
    """Only pickled weights exist, and unpickling can run any code."""


class Refused(ModelError):
    """A folder of the operator's holds something that is never loaded."""


class OutOfMemory(ModelError):
    """Neither the device nor the CPU has room for the model or the text."""


class Cancelled(ModelError):
    """The visitor stopped the download; what arrived is kept."""


class TextError(ValueError):
    """A text that cannot be drawn. str() names what was given, the limit and what to do."""


class NumberError(ValueError):
    """Numbers that cannot be computed with. str() names the argument, what was given and what is expected."""


class FileError(ValueError):
    """A visitor's file that cannot be read. str() names the file, what is wrong and what is expected."""
