"""Recipe of the embedded model: one command per step, see README.md."""
