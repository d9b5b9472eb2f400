"""What an upload brought: a preview, the link, and the proof."""

import streamlit as st

from client.complete import Receipt
from client.connection import Connection
from client.content_type import UNKNOWN
from client.snippets import upload_as_curl
from client.transfers import Transfer
from components import words
from components.link.link import link
from components.plain_text import plain


def result_card(transfer: Transfer, receipt: Receipt, connection: Connection) -> None:
    """Draw the card of a finished upload."""
    with st.container(border=True, key=f"result-{transfer.id}"):
        st.subheader(plain(transfer.name), anchor=False)
        preview, rest = st.columns([1, 2])
        with preview:
            _preview(transfer, receipt)
        with rest:
            link(
                receipt.download_url,
                name=transfer.name,
                deadline=receipt.deadline,
                key=f"link-{transfer.id}",
            )
            _warnings(transfer)
        with st.expander(words.DETAILS):
            _facts(receipt)
            _proof(transfer, receipt, connection)


def _preview(transfer: Transfer, receipt: Receipt) -> None:
    content_type = transfer.plan.content_type if transfer.plan else UNKNOWN
    if content_type.startswith("image/") and not transfer.false_image:
        st.image(receipt.download_url, alt=words.PREVIEW_ALT.format(name=transfer.name))
    elif content_type.startswith("video/"):
        st.video(receipt.download_url)


def _warnings(transfer: Transfer) -> None:
    plan = transfer.plan
    if plan is None:
        return
    if transfer.false_image:
        st.warning(
            words.FALSE_IMAGE.format(
                name=plain(transfer.name), content_type=plain(plan.content_type)
            )
        )
    elif plan.kind == "multipart" and plan.content_type.startswith("image/"):
        st.warning(words.NOT_AN_IMAGE_WHEN_ASSEMBLED.format(content_type=plain(UNKNOWN)))


def _facts(receipt: Receipt) -> None:
    st.table(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        {
            "Size": f"{receipt.size:,} bytes ({words.size_text(receipt.size)})",
            "Content type": plain(receipt.content_type),
            "ETag": plain(receipt.etag),
            "Parts": str(len(receipt.parts)),
        }
    )


def _proof(transfer: Transfer, receipt: Receipt, connection: Connection) -> None:
    if receipt.complete_xml:
        st.caption(words.XML_SENT)
        st.code(receipt.complete_xml, language="xml", height=200)
    if receipt.complete_answer:
        st.caption(words.XML_ANSWER)
        st.code(receipt.complete_answer, language="xml")
    if transfer.plan:
        st.caption(words.AS_CURL)
        st.code(upload_as_curl(transfer.plan, connection), language="bash", height=240)
