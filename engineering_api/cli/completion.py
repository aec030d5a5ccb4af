"""`tia completion`: the scripts that let a shell complete commands, options and values."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

SHELLS = ("bash", "zsh", "fish", "powershell")
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName tia -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
    $env:_TIA_COMPLETE = 'powershell_complete'
    $env:COMP_WORDS = $words -join "`n"
    $env:COMP_INCOMPLETE = $wordToComplete
    try {
        tia | ForEach-Object {
            $kind, $value, $about = $_ -split "`t", 3
            if ($kind -eq 'plain') {
                $tip = if ($about) { $about } else { $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $tip)
            } else {
                [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
            }
        }
    } finally {
        Remove-Item Env:_TIA_COMPLETE, Env:COMP_WORDS, Env:COMP_INCOMPLETE
    }
}
"""


class PowerShellComplete(ShellComplete):
    """Completion for PowerShell, which click does not have."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor without the program, and the word at it."""
        words = os.environ.get("COMP_WORDS", "").split("\n")
        return words[1:], os.environ.get("COMP_INCOMPLETE", "")

    def format_completion(self, item: CompletionItem) -> str:
        """Return kind, value and help, separated by tabs."""
        about = " ".join((item.help or "").split())
        return f"{item.type}\t{item.value}\t{about}"


def register_powershell() -> None:
    """Make PowerShell known to click."""
    add_completion_class(PowerShellComplete)


HELP = """Print the script that completes the commands of tia in SHELL.

\b
bash        eval "$(tia completion bash)"   in ~/.bashrc
zsh         eval "$(tia completion zsh)"    in ~/.zshrc
fish        tia completion fish > ~/.config/fish/completions/tia.fish
powershell  tia completion powershell | Out-String | Invoke-Expression   in $PROFILE
"""


@click.command("completion", help=HELP, short_help="Print the completion script of a shell")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes the commands of tia in SHELL."""
    from engineering_api.cli.commands import main

    register_powershell()
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    made = found(main, {}, "tia", "_TIA_COMPLETE")
    click.echo(_POWERSHELL if shell == "powershell" else made.source_template % made.source_vars())
