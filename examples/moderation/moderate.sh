#!/usr/bin/env bash
# Screens a file of listings and prints what a moderator has to look at, gravest first.
#
#     examples/moderation/moderate.sh [LISTINGS.jsonl]
#
# Exit code: 0 nothing to look at, 1 something was found, 2 or 3 what the command says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
listings=${1:-"$here/listings.jsonl"}

# `screen` answers 1 when it found something: that is news, and no failure.
found=0
findings=$(policyenforce screen "$listings") || found=$?
[ "$found" -le 1 ] || exit "$found"

printf '%s\n' "$findings" | python3 "$here/queue_up.py"
exit "$found"
