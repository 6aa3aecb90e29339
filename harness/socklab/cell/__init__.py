"""The private place in which one submission runs: network, sandbox, runner, recorder, evidence. It knows no exercise."""
