"""Arithmetic of materialised paths: fixed-width digits, no separator.

`000000001000000042` is unit 42 under unit 1. Digits sort alike in every collation, so a subtree is
the half-open range from its path to the path's successor, on a plain index of either engine.
"""

WIDTH = 9


def join(parent_path: str, unit_id: int) -> str:
    """Return the path of the unit `unit_id` under `parent_path` ("" for a root).

    Raises: ValueError when the id is not one of 1 to 999,999,998: the last number is the end of its left
    neighbour's subtree.
    """
    if not 0 < unit_id < 10**WIDTH - 1:
        raise ValueError(f"unit id {unit_id} does not fit into {WIDTH} digits")
    return parent_path + f"{unit_id:0{WIDTH}d}"


def end(path: str) -> str:
    """Return the first path behind a subtree, which is then the half-open range from `path` to it."""
    return str(int(path) + 1).zfill(len(path))


def covers(path: str, other: str) -> bool:
    """Say whether `other` lies in the subtree of `path`, itself included; no path ("") covers nothing."""
    return bool(path) and other.startswith(path)


def ancestor_ids(path: str) -> list[int]:
    """Return the ids from the root down to the unit itself."""
    return [int(path[start : start + WIDTH]) for start in range(0, len(path), WIDTH)]


def depth(path: str) -> int:
    """Return 1 for a root, 2 for its children, and so on."""
    return len(path) // WIDTH
