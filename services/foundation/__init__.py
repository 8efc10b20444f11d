"""What every service of Brücke stands on. It knows no word of the business."""
