"""Tags and constants as they may stand in any file, for tests of round trips."""

from __future__ import annotations

from hypothesis import strategies as st

from engineering_api.features.tags.files import ConstantRow, TagRow

names = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'), min_size=1, max_size=128
).filter(lambda name: name == name.strip())
free_text = st.one_of(
    st.sampled_from(
        ["", "=1+1", "#N/A", "@SUM(A1)", 'Größe "Ä"', "two\nlines", "a\r\nb", "_x000D_", " edge ", "a;b,c\td"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r"), max_size=40),
)
addressed_types = st.one_of(
    st.tuples(
        st.just("Bool"), st.builds("%{}{}.{}".format, st.sampled_from("IQM"), st.integers(0, 65535), st.integers(0, 7))
    ),
    st.tuples(
        st.sampled_from(["Byte", "USInt"]), st.builds("%{}B{}".format, st.sampled_from("IQM"), st.integers(0, 65535))
    ),
    st.tuples(
        st.sampled_from(["Int", "Word"]), st.builds("%{}W{}".format, st.sampled_from("IQM"), st.integers(0, 65535))
    ),
    st.tuples(
        st.sampled_from(["Real", "Time"]), st.builds("%{}D{}".format, st.sampled_from("IQM"), st.integers(0, 65535))
    ),
    st.tuples(st.sampled_from(["LReal", '"UDT_Motor"']), st.builds("%M{}.0".format, st.integers(0, 65535))),
    st.just(("Timer", "%T7")),
    st.just(("Counter", "%C2047")),
    st.just(("Bool", "")),
)


@st.composite
def tag_rows(draw: st.DrawFn) -> TagRow:
    data_type, address = draw(addressed_types)
    return TagRow(
        0,
        draw(free_text),
        draw(names),
        data_type,
        address,
        draw(free_text),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.booleans()),
    )


constant_rows = st.builds(
    ConstantRow,
    st.just(0),
    free_text,
    names,
    st.sampled_from(["Int", "Real", "Time"]),
    st.sampled_from(["1", "-2.5", "T#2s", "16#FF", "=1"]),
    free_text,
)


def _have_unique_names(rows: tuple[list[TagRow], list[ConstantRow]]) -> bool:
    keys = [tag.name.casefold() for tag in rows[0]] + [constant.name.casefold() for constant in rows[1]]
    return len(set(keys)) == len(keys)


sheets = st.tuples(st.lists(tag_rows(), max_size=6), st.lists(constant_rows, max_size=3)).filter(_have_unique_names)
