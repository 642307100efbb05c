"""A reader follows a link to words in an article: the browser scrolls to them and marks them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from newsroom.models import Claim

#: Where the fragment has led: the window has scrolled there, and the words are in it.
IN_SIGHT = """(words) => {
  if (!scrollY) return false;
  const inside = [...document.querySelectorAll('[data-o]')].filter((block) => {
    const box = block.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  });
  return inside.map((block) => block.textContent).join('\\n').includes(words);
}"""

LINK = "(title, address) => { title.innerHTML = `<a href='${address}'>X</a>`; }"


def test_a_link_from_a_claim_leads_to_its_words(page: Page) -> None:
    claims = list(Claim.objects.order_by("pk"))
    for claim in (claims[5], claims[20], claims[40]):
        page.goto(claim.get_absolute_url())
        link = page.locator("section[aria-labelledby='appearances-title'] a").first
        words = page.locator("section[aria-labelledby='appearances-title'] strong").first.text_content()
        # Without the anchor, which would lead there too.
        address = re.sub("#claim-[^:]*", "#", link.get_attribute("href"))
        assert ":~:text=" in address
        page.locator("h1").evaluate(LINK, address)
        page.get_by_role("link", name="X", exact=True).click()
        expect(page).to_have_url(re.compile("/articles/"))
        page.wait_for_function(IN_SIGHT, arg=words.split("\n")[0])
