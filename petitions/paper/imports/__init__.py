"""Read, check, seal and store files of rows collected on paper, in slices that can be stopped and taken back."""
