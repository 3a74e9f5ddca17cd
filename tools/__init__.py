"""What `make` runs: the product's runner and the maker of screenshots."""
