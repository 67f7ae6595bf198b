"""What credentials look like: names that say so, and the published formats of tokens and keys.

The tables are data; ``hides`` and ``without_secrets`` apply them. A run id, a digest or a number has none of the formats: those
begin with a mark of their maker's, or stand behind a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

MASK = "[redacted]"


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ANYWHERE = _set(
    """password passwords passwd passphrase passphrases pwd secret secrets credential credentials bearer apikey apitoken
    authtoken accesstoken"""
)
"""Words of a name that alone say that it holds a secret."""
_ENDINGS = ("password", "passwd", "passphrase", "secret")
"""Ends of words that do, as in ``PGPASSWORD``."""
_PAIRS = frozenset(
    [
        *((kind, "key") for kind in _set("api access private secret account encryption signing shared ssh rsa pgp gpg hmac jwt")),
        *((kind, "token") for kind in _set("auth access refresh session api bearer id")),
        ("connection", "string"),
    ]
)
"""Words that do side by side."""
_LAST = _set("token pat jwt")
"""Words that do at the end of a name."""
_PLAIN_TOKENS = _set(
    """bos bot cls end eos eot fim first image last mask n new next num pad per prefix sep special start stop suffix token tool unk
    think"""
)
"""What stands before ``token`` in the name of something that a language model reads."""
_WEAK = _set("auth authorization cookie cookies")
"""At the end of a name, unless the value is a number or a switch."""
_VENDORS = _set(
    """anthropic aws azure cohere comet databricks deepseek gcp gemini github gitlab google groq hf huggingface kaggle langchain
    langsmith license mistral neptune ngc nvidia openai openrouter pinecone replicate serpapi service ssl stripe subscription
    tavily tls together wandb"""
)
"""What stands before ``key`` at the end of a name that holds one."""
_LOGINS = _set(
    """admin clickhouse db email es ftp http imap ldap login mail mariadb mongo mssql mysql neo4j oracle pg postgres postgresql
    proxy rabbitmq redis root sa sftp smtp sql ssh sudo user vault"""
)
"""What stands before ``pass`` at the end of a name that holds one."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_YES_NO = _set("yes no true false none null")
"""What stands behind a name in prose: MySQL says ``using password: YES``."""
_SWITCH = re.compile(r"(?:true|false|yes|no|on|off|none|null|nan|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)?", re.IGNORECASE)
_PLACE_HOLDER = re.compile(r"<[A-Z_ ]+>|\$\{[A-Z_]+\}|\*+")
"""What libraries write in the place of a secret: Hugging Face logs ``hub_token = <HUB_TOKEN>``."""


def names_a_secret(key: str) -> bool:
    """Whether a param or tag called ``key`` holds a secret by its name (``api_key``, ``db.password``, ``hf_token``).

    ``max_tokens``, ``token_count`` or ``eos_token`` are no secrets.
    """
    return _is_strong(words := _words(key)) or _is_weak(words)


def hides(key: str, value: str) -> bool:
    """Whether ``value`` is a secret because it is called ``key``."""
    words, text = _words(key), value.strip()
    if not text or _PLACE_HOLDER.fullmatch(text):
        return False
    return _is_strong(words) or (_is_weak(words) and _SWITCH.fullmatch(text) is None)


def _words(key: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(key[:500])]


def _is_strong(words: list[str]) -> bool:
    if any(word in _ANYWHERE or word.endswith(_ENDINGS) for word in words) or _PAIRS & set(pairwise(words)):
        return True
    last, before = words[-1:], words[-2] if len(words) > 1 else ""
    if last == ["key"]:
        return before in _VENDORS
    return bool(_LAST.intersection(last)) and not (last == ["token"] and before in _PLAIN_TOKENS)


def _is_weak(words: list[str]) -> bool:
    if words[-1:] == ["pass"]:
        return len(words) == 1 or words[-2] in _LOGINS
    return bool(_WEAK.intersection(words[-1:]))


FORMATS: Mapping[str, str] = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:.*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|.*)",
    "a JSON web token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*",
    "an AWS access key": r"\b(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})",
    "a GitLab token": r"\bgl(?:pat|dt|rt|ptt|cbt|ft|soat)-[\w-]{20,}",
    "a Slack token": r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}",
    "a Slack webhook": r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[\w/-]{16,}",
    "a key of OpenAI's or Anthropic's": r"\bsk-(?=[\w-]*[0-9])[\w-]{20,}",
    "a Hugging Face token": r"\b(?:hf|api_org)_[A-Za-z0-9]{30,}\b",
    "a Google API key": r"\bAIza[\w-]{35}(?![\w-])",
    "a Google OAuth token": r"\bya29\.[\w-]{20,}",
    "a Databricks token": r"\bdapi[0-9a-f]{32}(?:-[0-9])?\b",
    "a Stripe key": r"\b[rs]k_live_[0-9A-Za-z]{20,}",
    "a SendGrid key": r"\bSG\.[\w-]{22}\.[\w-]{43}",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgE[\w-]{40,}",
    "a Docker token": r"\bdckr_(?:pat|oat)_[\w-]{20,}",
    "an age key": r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b",
    "a DigitalOcean token": r"\bdo[opr]_v1_[0-9a-f]{64}\b",
    "a Replicate token": r"\br8_[A-Za-z0-9]{37}\b",
    "a Groq key": r"\bgsk_[A-Za-z0-9]{40,}\b",
}
"""Makers' own formats of tokens and keys; each is masked wherever it stands."""

_FORMAT = re.compile("|".join(FORMATS.values()), re.DOTALL)
_MARKS = _set(
    """-----BEGIN eyJ A3T ABIA ACCA AKIA ASIA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glptt- glcbt- glft- glsoat-
    xox hooks.slack.com sk- hf_ api_org_ AIza ya29. dapi k_live_ SG. npm_ pypi-AgE dckr_ AGE-SECRET-KEY dop_v1 doo_v1 dor_v1
    r8_ gsk_"""
)
"""Beginnings of all formats: looked for first, which is quick in a long text."""
_MARK = re.compile("|".join(sorted(map(re.escape, _MARKS))))
_SHORTEST = 16
"""Characters of the shortest token."""
_HEADS = (
    re.compile(
        r"(?P<head>\b(?:Proxy-)?Authorization\\?['\"]?\s*[:=]\s*\\?['\"]?(?:(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate|AWS4\S*)\s+)?)"
        r"(?P<value>(?!(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate|AWS4\S*)\s)[^\s'\",;\\\[]+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<head>\b(?:Set-)?Cookie\\?['\"]?\s*:\s*\\?['\"]?)(?P<value>(?!\s*\[redacted\])(?=\S)[^\n'\"\\]+)", re.IGNORECASE
    ),
    re.compile(r"(?P<head>\bBearer\s+)(?P<value>(?=\S*[0-9]|\S{20})[A-Za-z0-9._~+/-]{8,}=*)", re.IGNORECASE),
    re.compile(r"(?P<head>\bcurl\b[^\n]*?\s(?:-u|--user)[\s=]*)(?P<value>[^\s:\[]+:\S+)"),
    re.compile(r"(?P<head>\b(?:mysql|mysqldump|mariadb|mariadb-dump|sshpass)\b(?:\s[^\n]*?)?\s-p)(?P<value>[^\s\[]\S*)"),
)
"""Headers and commands that a secret follows."""
_OPTION = re.compile(
    r"(?P<head>(?<![\w-])--?(?P<name>[A-Za-z][\w.\-]{0,80})(?:\s+|=|['\"],\s*['\"]))(?P<value>(?!--)\"[^\"]*\"|(?!--)'[^']*'|(?!--)[^\s\"'\[]+)"
)
_ASSIGNED = re.compile(
    r"(?P<head>(?<![\w.\-])(?P<quote>(?:\\?[\"'])?)(?P<name>[A-Za-z][\w.\-]{0,80})(?P=quote)\s{0,9}(?:=>|:=|[:=])\s{0,9})"
    r"(?P<value>\\\"[^\"\\]*\\\"|\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s,;&}\])\"'\[{(\\/][^\s,;&}\])\"']*)"
)
_LINE = re.compile(
    r"^(?P<head>[ \t]*(?:-[ \t]+)?[\"']?(?P<name>[A-Za-z][\w.\-]{0,80})[\"']?[ \t]*:[ \t]+)(?P<value>[^\s\"'\[{(|>&*][^\n]*)$",
    re.MULTILINE,
)
"""``name: value`` as YAML and headers have it: the value goes to the end of the line."""
HINT = "|".join(
    [
        r"://|pass|pwd|secret|token|key|auth|cookie|bearer|credential|connection.?string|\bpat\b|_pat|jwt|curl|mysql|mariadb",
        *sorted(map(re.escape, _MARKS)),
    ]
)
"""What a text has that may hold a secret, for a first look with any engine, without regard to case."""
_HINT = re.compile(HINT, re.IGNORECASE)

# scheme://user:password@host, also inside longer text: the password may be anything but what begins the next URL.
_LOGIN = re.compile(
    r"(?P<head>[A-Za-z][A-Za-z0-9+.\-]*://)(?:[^\s/@:'\"<>?#\[]*:(?![0-9]{1,5}(?:[/?#\s]|$))[^\s@](?:(?!://)[^\n])*@|[^\s/@'\"<>?#\[]+@)"
)
_QUERY = re.compile(r"(?P<head>[?&;](?P<name>[\w.\-]{1,80})=)(?P<value>[^&#\s'\"<>\[]+)")
_IN_QUERIES = _set("sig signature sslkey sslcert key auth")
"""Names that hold a secret in the query of a URL, and something harmless elsewhere."""


def without_secrets(text: str) -> str:
    """``text`` with everything masked that looks like a credential: what stands around it stays."""
    if _HINT.search(text) is None:
        return text
    text = _in_json(text)
    if "://" in text:
        text = _LOGIN.sub(rf"\g<head>{MASK}@", text)
        text = _QUERY.sub(lambda found: _replaced(found, bool(_IN_QUERIES.intersection(_words(found["name"])[-1:]))), text)
    text = _FORMAT.sub(MASK, text)
    for pattern in _HEADS:
        text = pattern.sub(rf"\g<head>{MASK}", text)
    text = _LINE.sub(_replaced, _OPTION.sub(_replaced, text))
    return _ASSIGNED.sub(_assigned, text)


def without_tokens(text: str) -> str:
    """``text`` with tokens and keys of a known format masked; a first look makes it cheap for many short texts."""
    return text if len(text) < _SHORTEST or _MARK.search(text) is None else _FORMAT.sub(MASK, text)


def has_token(text: str) -> bool:
    """Whether a token or key of a known format stands in ``text``."""
    return any(mark in text for mark in _MARKS) and _FORMAT.search(text) is not None


def _assigned(found: re.Match[str]) -> str:
    masked = _replaced(found)
    if masked != found[0] or not found["value"].startswith(("'", '"')):
        return masked
    return found["head"] + found["value"][0] + _ASSIGNED.sub(_assigned, found["value"][1:-1]) + found["value"][-1]


def _replaced(found: re.Match[str], is_secret: bool = False) -> str:
    value, name = found["value"], found["name"]
    if name.lower().endswith("authorization"):  # its scheme stays, which is no secret
        return found[0]
    quote = next(
        (mark for mark in ('\\"', '"', "'") if value.startswith(mark) and value.endswith(mark) and len(value) > len(mark)), ""
    )
    inner = value[len(quote) : len(value) - len(quote)]
    if not inner or inner.lower() in _YES_NO or not (is_secret or hides(name, inner)):
        return found[0]
    return f"{found['head']}{quote}{MASK}{quote}"


def _in_json(text: str) -> str:
    """``text``, when it is a JSON object or list, with the values of keys that name a secret masked, however deep."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        value = json.loads(text)
        masked = _leaves(value)
    except (ValueError, RecursionError):
        return text
    return text if masked == value else json.dumps(masked, ensure_ascii=False)


def _leaves(value: Any, key: str = "") -> Any:
    """``value`` of parsed JSON with masked leaves: a secret's name goes for everything in it."""
    if isinstance(value, dict):
        return {name: _leaves(inner, key if names_a_secret(key) else name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner, key) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    if key and hides(key, str(value)):
        return MASK
    return without_secrets(value) if isinstance(value, str) else value
