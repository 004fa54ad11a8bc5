import json


class Inventory:
    def __init__(self, path):
        self.path = path
        self.items = {}

    def load(self):
        """Reads the items from the file."""
        with open(self.path, encoding="utf-8") as stream:
            self.items = json.load(stream)
        return self.items

    def reorder(self, limit):
        wanted = []
        for name, count in self.items.items():
            if count < limit:
                wanted.append(name)
        return sorted(wanted)


def report(inventory, limit):
    inventory.load()
    missing = inventory.reorder(limit)
    return ", ".join(missing)
