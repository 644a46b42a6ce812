"""A training run kept in a folder, so that an interrupted one goes on where it stood."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from models.errors import ModelError

if TYPE_CHECKING:
    from models.train.preference import Step, Trainer

STATE, WATCHED, WEIGHTS = "trainer_state.json", "watched.jsonl", "checkpoint.safetensors"
CARD = "card.json"  # written by the command


class Kept:
    """A run in a folder: weights, optimiser, trainer_state.json, and what was watched, a line a look."""

    def __init__(self, folder: Path, trainer: "Trainer") -> None:
        self._folder, self._trainer = folder, trainer
        self._history: list[dict[str, Any]] = []
        self._watched: list[dict[str, Any]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, step: "Step") -> None:
        """Take in a step; ``save`` writes it."""
        trainer = self._trainer
        place = {"epoch": round(step.step * trainer.plan.pairs / len(trainer.pairs), 4), "step": step.step}
        if step.log:
            self._history.append({**step.log, **place})
        if step.held_out:
            held = {f"eval_{name}": value for name, value in step.held_out.items()}
            self._history.append({**held, **place})
        if step.tokens is not None or step.samples is not None:
            tokens = [[side.tolist() for side in pair] for pair in step.tokens or ()]
            self._watched.append({"step": step.step, "tokens": tokens, "samples": step.samples})

    def save(self) -> None:
        """Write everything; an interruption leaves the state before or the state after, never a half."""
        trainer = self._trainer
        tensors = {"reference": trainer.reference, "held_out_reference": trainer.held_out_reference}
        for at, weight in enumerate(trainer.weights):
            tensors[f"weight.{at}"] = weight.detach()
            for name, value in trainer.adam.state[weight].items():
                tensors[f"{name}.{at}"] = value
        state = {
            "global_step": trainer.step,
            "max_steps": trainer.plan.steps,
            "epoch": self._history[-1]["epoch"],
            "log_history": self._history,
        }
        # the small files of a step travel with its weights, so that they cannot fall apart
        told = {"state": json.dumps(state), "watched": json.dumps(self._watched), "plan": repr(trainer.plan)}
        target, new = self._folder / WEIGHTS, self._folder / f"{WEIGHTS}.new"
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, new, told)
        os.replace(new, target)
        (self._folder / STATE).write_text(json.dumps(state, indent=1) + "\n", "utf-8")
        lines = (json.dumps(each) + "\n" for each in self._watched)
        (self._folder / WATCHED).write_text("".join(lines), "utf-8")

    def resume(self) -> bool:
        """Take up the run that was saved here; False where there is none. Raises ModelError for another's."""
        path, trainer = self._folder / WEIGHTS, self._trainer
        if not path.exists():
            return False
        with safe_open(path, "pt", device=str(trainer.device)) as file:
            told = file.metadata()
            if told["plan"] != repr(trainer.plan):
                raise ModelError(
                    f"{self._folder} holds another run ({told['plan']}); name another folder, or empty it."
                )
            state = json.loads(told["state"])
            self._history, self._watched = state["log_history"], json.loads(told["watched"])
            trainer.step = state["global_step"]
            trainer.reference = file.get_tensor("reference")
            trainer.held_out_reference = file.get_tensor("held_out_reference")
            with torch.no_grad():
                for at, weight in enumerate(trainer.weights):
                    weight.copy_(file.get_tensor(f"weight.{at}"))
                    trainer.adam.state[weight] = {
                        name: file.get_tensor(f"{name}.{at}") for name in ("step", "exp_avg", "exp_avg_sq")
                    }
        return True
