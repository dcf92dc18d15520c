"""What a person needs to know once everything runs."""

from quiz.processes.addresses import Addresses


def banner(addresses: Addresses, demo_password: str) -> str:
    """Return the lines that say where authors and players click and how to stop. No password: no demo author."""
    lines = ["", "  Orbit Quiz is running.", "", f"    Authors   {addresses.here}/quizzes/"]
    if demo_password:
        lines += ["              name      demo", f"              password  {demo_password}"]
    lines += ["", f"    Players   {addresses.here}/join/  on this machine"]
    if addresses.there:
        lines += [f"              {addresses.there}/join/  on your network"]
    return "\n".join([*lines, "", "    Stop      Ctrl-C", "", ""])
