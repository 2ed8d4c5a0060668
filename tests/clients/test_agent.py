"""The nine operations that coding agents call, asked by a client that is not ours.

pytest-lsp builds and reads messages by its own model of the protocol, so an answer of another shape than
the protocol's is an error here. `SPECQL_LSP` names the server.
"""

import os
import pathlib

import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

REFRESHES = (
    types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
    types.WORKSPACE_CODE_LENS_REFRESH,
    types.WORKSPACE_INLAY_HINT_REFRESH,
)

USER = """\
entity: User
fields:
  name: text
actions:
  - name: greet
    steps:
      - update: User SET name = 'x'
    cdc:
      enabled: true
      event_type: UserGreeted
"""

ORDER = """\
entity: Order
fields:
  total: integer
  buyer: ref(User)
actions:
  - name: pay
    steps:
      - validate: buyer.name IS NOT NULL
      - update: Order SET total = 0
      - call: greet(id = id)
"""


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[os.environ["SPECQL_LSP"], "serve", "--stdio"])
)
async def client(lsp_client: LanguageClient, tmp_path_factory):
    root = tmp_path_factory.mktemp("workspace")
    for name, text in (("user.yaml", USER), ("order.yaml", ORDER)):
        (root / name).write_text(text)
    lsp_client.root = root

    # Editors watch files for the server and draw again when it asks; this client has no answers of its own.
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(_: types.RegistrationParams) -> None:
        return None

    for refresh in REFRESHES:
        lsp_client.feature(refresh)(lambda *_: None)

    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities("visual-studio-code"),
            workspace_folders=[types.WorkspaceFolder(uri=root.as_uri(), name="workspace")],
        )
    )
    for name, text in (("user.yaml", USER), ("order.yaml", ORDER)):
        document = types.TextDocumentItem(uri(lsp_client, name), "specql", 1, text)
        lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    yield
    await lsp_client.shutdown_session()
    assert lsp_client.error is None


def uri(client, name: str) -> str:
    return pathlib.Path(client.root, name).as_uri()


def at(client, name: str, text: str, word: str, params=types.TextDocumentPositionParams, **more):
    """The place of a word, in the parameters of a request."""
    before = text[: text.index(word)]
    line = before.count("\n")
    character = len(before) - (before.rfind("\n") + 1) + 1
    return params(
        text_document=types.TextDocumentIdentifier(uri(client, name)),
        position=types.Position(line, character),
        **more,
    )


def name_of(it) -> str:
    return pathlib.Path(it).name


async def test_definition(client):
    found = await client.text_document_definition_async(
        at(client, "order.yaml", ORDER, "User)", types.DefinitionParams)
    )
    assert [name_of(getattr(it, "target_uri", None) or it.uri) for it in found] == ["user.yaml"]


async def test_references(client):
    context = types.ReferenceContext(include_declaration=True)
    found = await client.text_document_references_async(
        at(client, "user.yaml", USER, "name: text", types.ReferenceParams, context=context)
    )
    places = [(name_of(it.uri), it.range.start.line) for it in found]
    assert sorted(places) == [("order.yaml", 7), ("user.yaml", 2), ("user.yaml", 6)]


async def test_hover(client):
    found = await client.text_document_hover_async(
        at(client, "order.yaml", ORDER, "total", types.HoverParams)
    )
    assert "Order.total" in found.contents.value


async def test_document_symbols(client):
    document = types.TextDocumentIdentifier(uri(client, "order.yaml"))
    found = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert found[0].name == "Order"
    names = [it.name for it in found[0].children]
    assert {"total", "buyer", "pay"} <= set(names), names


async def test_workspace_symbols(client):
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="greet"))
    assert [it.name for it in found] == ["greet", "UserGreeted"]


async def test_implementation(client):
    found = await client.text_document_implementation_async(
        at(client, "order.yaml", ORDER, "Order", types.ImplementationParams)
    )
    assert [(name_of(it.uri), it.range.start.line) for it in found] == [("order.yaml", 8)]


async def prepared(client):
    found = await client.text_document_prepare_call_hierarchy_async(
        at(client, "order.yaml", ORDER, "greet", types.CallHierarchyPrepareParams)
    )
    return found[0]


async def test_prepare_call_hierarchy(client):
    item = await prepared(client)
    assert (item.name, name_of(item.uri)) == ("greet", "user.yaml")


async def test_incoming_calls(client):
    item = await prepared(client)
    found = await client.call_hierarchy_incoming_calls_async(
        types.CallHierarchyIncomingCallsParams(item)
    )
    assert [it.from_.name for it in found] == ["pay"]


async def test_outgoing_calls(client):
    item = await prepared(client)
    found = await client.call_hierarchy_outgoing_calls_async(
        types.CallHierarchyOutgoingCallsParams(item)
    )
    assert [it.to.name for it in found] == ["UserGreeted"]


async def test_completion_and_findings_beside_them(client):
    found = await client.text_document_completion_async(
        at(client, "order.yaml", ORDER, "User)", types.CompletionParams)
    )
    items = found.items if isinstance(found, types.CompletionList) else found
    assert "User" in [it.label for it in items]
    while uri(client, "order.yaml") not in client.diagnostics:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    codes = {it.code for it in client.diagnostics[uri(client, "order.yaml")]}
    assert "missing-impact" in codes, codes
