"""A file of made-up rows from paper; one in a hundred is faulty."""

from pathlib import Path


def write(file: Path, rows: int) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.write("name,email,address,postcode,city,country\n")
        for number in range(rows):
            email = f"person.{number}@mail{number % 500}.example.org" if number % 2 else ""
            country = "??" if number % 100 == 50 else "DE"
            lines.write(f'Áná {number} Maier,{email},"Main street {number}",{number % 99999:05},Berlin,{country}\n')
