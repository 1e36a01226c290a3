"""The web pages: screens, outreach, the phone simulator. Plain HTML and CSS."""
