"""``python -m nianbao``: the command, where its script is not on the path."""

from nianbao.cli.main import main

if __name__ == "__main__":
    main()
