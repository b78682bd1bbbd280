"""What is here for speed alone, behind one fence. Each piece has a switch or a reason to have none, and a measured
figure that pays for it: docs/performance.md has the table."""
