from lossbook.losses import MulticlassHinge, WestonWatkins

scores = [[2.0, 1.5, 1.2], [-0.5, -2.0, -3.0], [0.0, 1.0, 0.5]]
labels = [0, 0, 0]

print("worst wrong class", MulticlassHinge().pointwise(labels, scores).round(4))
each = WestonWatkins().pointwise(labels, scores)
print("sum over wrong classes", each.round(4))
print("its share of the classes", (each / 3).round(4))
