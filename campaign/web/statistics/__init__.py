"""Figures that are shown: as charts, and without those so small that they could name somebody."""
