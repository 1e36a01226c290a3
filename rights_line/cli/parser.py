"""Build the argument parser of `rights-line` from the table of commands."""

import argparse

from rights_line.cli.commands import SECTIONS, Command

_INTRODUCTION = """\
Tools for the text line: check and translate its texts, print cards, run a deployment.

Run it in a checkout of the repository. `rights-line COMMAND --help` explains a command."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; parsed options hold `run`, too."""
    parser = argparse.ArgumentParser(
        prog="rights-line",
        description=_INTRODUCTION,
        epilog=_list_of_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", help="see the list below")
    for commands in SECTIONS.values():
        for command in commands:
            add_arguments(
                subparsers.add_parser(
                    command.name,
                    description=command.description,
                    epilog=command.epilog,
                    formatter_class=argparse.RawDescriptionHelpFormatter,
                ),
                command,
            )
    return parser


def add_arguments(parser: argparse.ArgumentParser, command: Command) -> None:
    """Add the arguments of a command to its parser."""
    for argument in command.arguments:
        parser.add_argument(*argument.names, **argument.settings)
    parser.set_defaults(run=command.run)


def _list_of_commands() -> str:
    sections = []
    for title, commands in SECTIONS.items():
        rows = [f"  {command.name:13} {command.summary}" for command in commands]
        sections.append("\n".join([f"{title}:", *rows]))
    return "\n\n".join(sections)
