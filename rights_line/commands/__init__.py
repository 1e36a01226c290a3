"""What the `rights-line` commands do; `options.environ` is the environment, which cli.py reads."""
