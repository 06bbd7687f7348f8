"""A real browser on the page: chromium_test.py http://127.0.0.1:8000 [screenshot.png]"""

import subprocess
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from support import checking

BASE = sys.argv[1]
check = checking("chromium")


def browser():
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=900,1000",
        "--autoplay-policy=no-user-gesture-required",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def status_becomes(page, words, seconds=60):
    WebDriverWait(page, seconds).until(lambda _: words in page.find_element(By.ID, "status").text)


def write(page, text):
    area = page.find_element(By.ID, "text")
    area.clear()
    area.send_keys(text)


def test_speaks_while_it_is_made(page):
    # Counts what is handed to the sound card, and when.
    page.execute_script("""
      window.heard = [];
      const start = AudioBufferSourceNode.prototype.start;
      AudioBufferSourceNode.prototype.start = function (when) {
        window.heard.push({ when, seconds: this.buffer.duration, clock: this.context });
        return start.call(this, when);
      };""")
    write(page, "Hello there. This is a longer sentence, so that there is something to hear. And one more.")
    page.find_element(By.ID, "speak").click()
    status_becomes(page, "Done.")
    pieces, seconds, clock = page.execute_script(
        "return [heard.length, heard.reduce((sum, piece) => sum + piece.seconds, 0), heard[0].clock.currentTime]")
    check(pieces >= 2, f"the audio came in {pieces} pieces")
    check(seconds > 2 and clock > seconds * 0.9, f"{seconds} s were made, the clock went to {clock}")
    check(page.find_element(By.ID, "fact-model").text == "starter", "the model is not shown")
    check(page.find_element(By.ID, "fact-first").text.endswith(" ms"), "the time to first audio is not shown")
    check(page.find_element(By.ID, "download").is_displayed(), "there is no download")


def test_shows_a_curl_that_works(page):
    write(page, "It's \"quoted\" & costs $5 `now`.")
    command = page.find_element(By.ID, "curl").text
    run = subprocess.run(["bash", "-c", f"cd /tmp && {command} && head -c 4 speech.wav"], capture_output=True, timeout=60)
    check(run.stdout == b"RIFF", f"the command made no WAV: {command} {run.stdout[:80]} {run.stderr[:200]}")


def test_shows_errors_as_words(page):
    write(page, "... !!!")
    page.find_element(By.ID, "speak").click()
    status_becomes(page, "nothing to speak")
    check("bad" in page.find_element(By.ID, "status").get_attribute("class"), "the error looks like success")


def test_speaks_german(page):
    Select(page.find_element(By.ID, "language")).select_by_value("de")
    write(page, "Guten Tag, wie geht es Ihnen?")
    check('"language":"de"' in page.find_element(By.ID, "curl").text, "the command has no language")
    page.find_element(By.ID, "speak").click()
    status_becomes(page, "Done.")
    check(page.find_element(By.ID, "fact-model").text == "espeak", "another model spoke")


def test_stops(page):
    Select(page.find_element(By.ID, "language")).select_by_value("en")
    area = page.find_element(By.ID, "text")
    page.execute_script("arguments[0].value = 'One two three four five. '.repeat(500)", area)
    page.find_element(By.ID, "speak").click()
    status_becomes(page, "Speaking")
    page.find_element(By.ID, "stop").click()
    status_becomes(page, "Stopped")
    check(page.find_element(By.ID, "speak").is_enabled(), "speak stays off")


def main():
    page = browser()
    try:
        page.get(BASE + "/")
        WebDriverWait(page, 20).until(lambda _: len(Select(page.find_element(By.ID, "language")).options) == 23)
        for test in (
            test_speaks_while_it_is_made, test_shows_a_curl_that_works, test_shows_errors_as_words,
            test_speaks_german, test_stops,
        ):
            test(page)
            print(f"chromium: {test.__name__[5:].replace('_', ' ')}")
        if len(sys.argv) > 2:
            write(page, "Welcome aboard. The next stop is Central Station.")
            page.find_element(By.ID, "speak").click()
            status_becomes(page, "Done.")
            page.save_screenshot(sys.argv[2])
        severe = [entry for entry in page.get_log("browser") if entry["level"] == "SEVERE" and "422" not in entry["message"]]
        check(not severe, f"the console says {severe}")
    finally:
        page.quit()


main()
