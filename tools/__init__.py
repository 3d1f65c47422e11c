"""What developers measure with: `make nlu` and `make bench`."""
