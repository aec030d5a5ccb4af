"""Short names that the JSON form has for the commonest instructions."""

OPERAND_STEPS = {
    "contact": "Contact",
    "contactP": "PContact",
    "contactN": "NContact",
    "coil": "Coil",
    "set": "SCoil",
    "reset": "RCoil",
    "coilP": "PCoil",
    "coilN": "NCoil",
}
"""Steps whose value is the operand."""

JUMP_STEPS = {"jump": "Jump", "jumpNot": "JumpNot"}
"""Steps whose value is a jump label."""

GATE_STEPS = {"and": "A", "or": "O", "xor": "X"}
"""Boxes whose value is the list of their inputs."""

COMPARE_OPERATORS = {"=": "Eq", "<>": "Ne", ">": "Gt", ">=": "Ge", "<": "Lt", "<=": "Le"}
"""Operators of a compare step, ``[left, operator, right]``."""

STEP_KEYS = (*OPERAND_STEPS, *JUMP_STEPS, *GATE_STEPS, "compare", "move", "box", "call")
STRUCTURE_KEYS = ("any", "branch", "node", "from")

STEP_OF = {name: key for table in (OPERAND_STEPS, JUMP_STEPS, GATE_STEPS) for key, name in table.items()}
OPERATOR_OF = {name: operator for operator, name in COMPARE_OPERATORS.items()}

AUTOMATIC = "auto"
"""Data type of an instruction that TIA Portal is to choose itself."""
