from lossbook.optim import AdamW, CosineDecay

down = CosineDecay(rate=0.1, steps=90)


def schedule(t):
    return 0.1 * t / 10 if t < 10 else down(t - 10)


optimizer = AdamW(schedule)
print("rates", [round(schedule(t), 4) for t in (0, 5, 10, 55, 100)])
