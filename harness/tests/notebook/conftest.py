"""A kernel for tests that leave it as it was; starting one takes longer than most of them."""

from collections.abc import Iterator

import kernels
import pytest
from kernels import Kernel


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel with socklab loaded, in a folder of its own."""
    with kernels.started(tmp_path_factory.mktemp("kernel")) as kernel:
        yield kernel
