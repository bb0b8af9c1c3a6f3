"""What an entry of the catalog says beyond the facts that the loss itself carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Peer:
    """The same loss in another library.

    library: "PyTorch" (`torch.nn`), "Keras" (`keras.losses`), "optax" (`optax.losses`) or "scikit-learn".
    name: what it is called there, without the module; for scikit-learn with it.
    defaults: arguments worth knowing, with their default values.
    note: where it differs from ours; one or two sentences of Markdown.
    """

    library: str
    name: str
    defaults: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry: when to use the loss and when not, as Markdown; the claim of its figure; its peers."""

    use: str
    avoid: str
    claim: str
    peers: tuple[Peer, ...] = ()
