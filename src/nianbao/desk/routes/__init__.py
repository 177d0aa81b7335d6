"""The desk's pages by subject; each module gives its routes and nothing else."""
