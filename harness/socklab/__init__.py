"""socklab: small socket exercises, and the harness that grades them on loopback."""

__version__ = "0.1.0"
