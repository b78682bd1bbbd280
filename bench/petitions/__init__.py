"""How fast the petition app is, part by part; each part is a function from the stage to figures."""
