from campaign.web.paragraphs import as_html, on_one_line


def test_an_empty_line_begins_a_paragraph_and_numbered_ones_are_a_list() -> None:
    assert as_html("We ask:\r\n\r\n1. to act;\r\n\r\n2. to say so.\r\n\r\nThank you.") == (
        "<p>We ask:</p>\n<ol><li>to act;</li><li>to say so.</li></ol>\n<p>Thank you.</p>"
    )


def test_a_year_begins_no_list() -> None:
    assert as_html("2013. A year.") == "<p>2013. A year.</p>"


def test_what_staff_wrote_is_text_and_no_markup() -> None:
    assert as_html("<b>\n\n1. <script>") == "<p>&lt;b&gt;</p>\n<ol><li>&lt;script&gt;</li></ol>"


def test_on_paper_a_paragraph_is_one_line_however_the_browser_ended_its_lines() -> None:
    assert on_one_line("One\r\nand a half.\r\n\r\nTwo.\r\n") == ["One and a half.", "Two."]
