"""VITS in PyTorch, inference only, in Piper's settings and parameter names.

Written from the paper (Kim, Kong, Son: "Conditional Variational Autoencoder with Adversarial Learning for
End-to-End Text-to-Speech", 2021) and checked against the starter voice: tools/reference/check_vits.py.
It exists to make small synthetic voices for tests; the network that speaks is Sources/Models/VITS.
"""

from .model import VITS, Configuration

__all__ = ["VITS", "Configuration"]
