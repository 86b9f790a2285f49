"""The product: one app for each thing that is reported."""
