"""Rasa's custom actions. They are thin: everything is asked of porchlight/."""

from __future__ import annotations

from rasa_sdk.executor import ActionExecutor

from actions.help import FindHelp
from actions.plan import PlanCommand, ValidatePlanForm
from actions.who import SetLanguage, SetRole
from porchlight.store.engine import Store


def executor_of(store: Store) -> ActionExecutor:
    """All actions, ready to run on `store`."""
    executor = ActionExecutor()
    for action in (ValidatePlanForm, PlanCommand, SetRole, SetLanguage, FindHelp):
        executor.register_action(action(store))
    return executor
