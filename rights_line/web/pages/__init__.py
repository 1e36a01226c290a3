"""The web pages: screens, the page for outreach workers, the simulator. Plain HTML and CSS."""
