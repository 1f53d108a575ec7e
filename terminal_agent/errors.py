"""The ways a source, the journal or a stick can fail, named by what happens next."""


class _Coded(Exception):
    """A short English sentence for logs, and a stable code that the CLI translates for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class SourceUnavailable(_Coded):
    """The device cannot be read now. What happens next: wait, then try again from a new connection.

    Nothing is lost by it: what the device holds is still there at the next poll.
    """


class SourceMisconfigured(_Coded):
    """Trying again cannot help. What happens next: the source stops, a person is told what to type.

    Its sentence says what has to change, on the device or in the configuration.
    """


class JournalFailed(_Coded):
    """The journal could not commit. What happens next: acknowledge nothing, exit.

    systemd starts the agent again; devices still hold whatever was not acknowledged.
    """


class JournalFull(JournalFailed):
    """The disk is full and the ballast was given up. What happens next: the same again, where it is
    small; scans wait on their devices until there is room."""

    def __init__(self) -> None:
        super().__init__("storage_full", "the disk is full: nothing was stored")


class StickFailed(_Coded):
    """A stick cannot be written or read. What happens next: a person tries another one.

    Nothing is lost by it: the journal keeps every event until a receipt comes.
    """
